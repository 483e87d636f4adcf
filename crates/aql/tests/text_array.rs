//! The array kernels against the scalar matcher: nulls, slices, lists, dictionaries, literals.

use std::sync::Arc;

use aql::text::{Case, Pattern, TextMatcher, text_test};
use datafusion_common::DFSchema;
use datafusion_common::arrow::array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, ListBuilder, RecordBatch, StringArray, StringViewArray,
    StringViewBuilder,
};
use datafusion_common::arrow::datatypes::{Field, Int32Type, Schema};
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_expr::{Expr, col, lit};
use datafusion_physical_expr::create_physical_expr;
use proptest::prelude::*;

fn matcher(patterns: &[&str], case: Case) -> TextMatcher {
    let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::Like((*text).to_owned())).collect();
    TextMatcher::new(&patterns, case).expect("a LIKE pattern is always valid")
}

fn evaluate(expression: &Expr, array: ArrayRef) -> BooleanArray {
    let rows = array.len();
    let schema = Schema::new(vec![Field::new("value", array.data_type().clone(), true)]);
    let batch = RecordBatch::try_new(Arc::new(schema.clone()), vec![array]).expect("one column");
    let schema = DFSchema::try_from(schema).expect("one name");
    let physical =
        create_physical_expr(expression, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())
            .expect("a text column");
    let result = physical.evaluate(&batch).expect("no failure").into_array(rows).expect("rows");
    BooleanArray::from(result.to_data())
}

fn results(array: &BooleanArray) -> Vec<Option<bool>> {
    array.iter().collect()
}

#[test]
fn null_stays_null_in_every_form() {
    let test = text_test(col("value"), matcher(&["%sc.exe"], Case::Insensitive));
    let expected = vec![Some(true), None, Some(false), Some(true)];
    let texts = vec![Some(r"C:\Windows\System32\SC.EXE"), None, Some(""), Some("sc.exe")];
    assert_eq!(results(&evaluate(&test, Arc::new(StringViewArray::from(texts.clone())))), expected);
    assert_eq!(results(&evaluate(&test, Arc::new(StringArray::from(texts.clone())))), expected);
    let dictionary: DictionaryArray<Int32Type> = texts.into_iter().collect();
    assert_eq!(results(&evaluate(&test, Arc::new(dictionary))), expected);
}

#[test]
fn a_list_matches_when_one_element_does() {
    let mut builder = ListBuilder::new(StringViewBuilder::new());
    builder.append_value([Some("Lateral Movement"), Some("other")]);
    builder.append_value([None, Some("other")]);
    builder.append_null();
    builder.append_value([None::<&str>; 0]);
    builder.append_value([Some("a lateral one")]);
    let test = text_test(col("value"), matcher(&["%lateral%"], Case::Insensitive));
    let array: ArrayRef = Arc::new(builder.finish());
    let expected = vec![Some(true), Some(false), None, Some(false), Some(true)];
    assert_eq!(results(&evaluate(&test, Arc::clone(&array))), expected);
    assert_eq!(results(&evaluate(&test, array.slice(1, 4))), expected[1..].to_vec());
}

#[test]
fn literals_are_tested_too() {
    let rows: ArrayRef = Arc::new(StringViewArray::from(vec!["x", "y"]));
    let test = text_test(lit("abc"), matcher(&["a%"], Case::Sensitive));
    assert_eq!(results(&evaluate(&test, Arc::clone(&rows))), vec![Some(true), Some(true)]);
}

#[test]
fn equal_tests_are_equal_expressions() {
    let expression = |pattern| text_test(col("value"), matcher(&[pattern], Case::Sensitive));
    assert_eq!(expression("a%"), expression("a%"));
    assert_ne!(expression("a%"), expression("b%"));
    assert_eq!(expression("a%").to_string(), "text_test[like 'a%'](value)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn arrays_give_what_single_values_give(
        texts in prop::collection::vec(prop::option::of("[abAB%_ ]{0,20}"), 0..600),
        repeats in 1_usize..4,
        pattern in "[%]?[ab_]{0,3}[%]?",
        offset in 0_usize..50,
    ) {
        let matcher = matcher(&[&pattern, "%bb ab%"], Case::Insensitive);
        let mut builder = StringViewBuilder::new().with_deduplicate_strings();
        for _ in 0..repeats {
            for text in &texts {
 builder.append_option(text.as_deref());
 }
        }
        let array = builder.finish();
        let array = array.slice(offset.min(array.len()), array.len() - offset.min(array.len()));
        let expected: Vec<Option<bool>> = array.iter().map(|text| text.map(|text| matcher.is_match(text))).collect();
        let test = text_test(col("value"), matcher);
        prop_assert_eq!(results(&evaluate(&test, Arc::new(array))), expected);
    }
}
