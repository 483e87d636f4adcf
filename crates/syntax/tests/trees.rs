//! What texts mean: each line of `trees.txt` holds a text, `=>`, and its tree with every operator in parentheses.
//! A line that begins with `SELECT` is a query and shows its canonical text; others are filters.
//! `UPDATE=1 cargo test` accepts what is printed.

use std::fs;
use std::path::Path;

use syntax::ast::{Expr, ExprKind, InList, TextPattern};
use syntax::{parse_filter, parse_query, print_expression, print_query};

#[test]
fn texts_mean_what_is_accepted() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees.txt");
    let accepted = fs::read_to_string(&path).expect("the cases are there");
    let mut found = String::new();
    for line in accepted.lines() {
        let text = line.split(" => ").next().unwrap_or_default();
        if line.is_empty() || line.starts_with('#') {
            found.push_str(line);
        } else {
            found.extend([text, " => ", &meaning(text)]);
        }
        found.push('\n');
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("the cases can be written");
    }
    assert_eq!(found, accepted);
}

fn meaning(text: &str) -> String {
    let is_query = text.get(..6).is_some_and(|it| it.eq_ignore_ascii_case("select"));
    let (meaning, diagnostics) = if is_query {
        let (query, diagnostics) = parse_query(text);
        (print_query(&query), diagnostics)
    } else {
        let (filter, diagnostics) = parse_filter(text);
        assert!(parse_filter(&print_expression(&filter)).0 == filter, "{text} prints back");
        (tree(&filter), diagnostics)
    };
    let ids: Vec<&str> = diagnostics.iter().map(|it| it.id).collect();
    if ids.is_empty() { meaning } else { format!("{meaning} ! {}", ids.join(" ")) }
}

/// The tree with parentheses round every operator.
fn tree(expression: &Expr) -> String {
    match &expression.value {
        ExprKind::Unary(operator, operand) => format!("({operator:?} {})", tree(operand)),
        ExprKind::Binary(operator, left, right) => format!("({operator:?} {} {})", tree(left), tree(right)),
        ExprKind::Compare(operator, left, right) => format!("({operator:?} {} {})", tree(left), tree(right)),
        ExprKind::And(operands) => format!("(And {})", trees(operands)),
        ExprKind::Or(operands) => format!("(Or {})", trees(operands)),
        ExprKind::Not(operand) => format!("(Not {})", tree(operand)),
        ExprKind::In { operand, list, negated } => {
            let list = match list {
                InList::Values(values) => trees(values),
                InList::Query(query) => print_query(query),
            };
            format!("({}In {} [{list}])", not(*negated), tree(operand))
        }
        ExprKind::Between { operand, low, high, negated } => {
            format!("({}Between {} {} {})", not(*negated), tree(operand), tree(low), tree(high))
        }
        ExprKind::Text { operand, operator, pattern, negated } => {
            let pattern = match pattern {
                TextPattern::One(pattern) => tree(pattern),
                TextPattern::Any(list) => format!("any [{}]", trees(list)),
            };
            format!("({}{operator:?} {} {pattern})", not(*negated), tree(operand))
        }
        ExprKind::IsNull { operand, negated } => format!("({}IsNull {})", not(*negated), tree(operand)),
        ExprKind::If { condition, then, otherwise } => {
            format!("(If {} {} {})", tree(condition), tree(then), tree(otherwise))
        }
        ExprKind::Call(call) => {
            format!("{}({}{})", call.name.value, trees(&call.args), if call.star { "*" } else { "" })
        }
        _ => print_expression(expression),
    }
}

fn trees(list: &[Expr]) -> String {
    list.iter().map(tree).collect::<Vec<_>>().join(" ")
}

const fn not(negated: bool) -> &'static str {
    if negated { "Not" } else { "" }
}
