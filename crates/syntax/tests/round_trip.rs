//! Random trees: each prints to a text that is read as the same tree.

mod random;

use proptest::prelude::*;
use syntax::ast::Query;
use syntax::{parse_filter, parse_query, print_expression, print_query};

use random::{expression, flat_query, nested_query};

fn check_query(query: &Query) -> Result<(), TestCaseError> {
    let printed = print_query(query);
    let (again, diagnostics) = parse_query(&printed);
    prop_assert!(diagnostics.is_empty(), "{printed}\n{diagnostics:#?}");
    prop_assert!(&again == query, "{printed}\nreads as\n{}", print_query(&again));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn expressions(expression in expression()) {
        let printed = print_expression(&expression);
        let (again, diagnostics) = parse_filter(&printed);
        prop_assert!(diagnostics.is_empty(), "{printed}\n{diagnostics:#?}");
        prop_assert!(again == expression, "{printed}\nreads as\n{}", print_expression(&again));
    }

    #[test]
    fn queries(query in flat_query()) {
        check_query(&query)?;
    }

    #[test]
    fn nested_queries(query in nested_query()) {
        check_query(&query)?;
    }

    #[test]
    fn any_text_is_read(text in "[ -~é\n‘“]{0,60}") {
        let (_, diagnostics) = parse_query(&text);
        syntax::render(&diagnostics, "text.aql", &text, true);
    }
}
