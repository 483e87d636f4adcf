//! Deep and long texts: no stack overflow on a small stack, and flat chains of any length.

use syntax::{parse_filter, parse_query, print_expression};

/// The stack of a thread by default; the main thread of some systems has less.
const STACK: usize = 2 * 1024 * 1024;

fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread can start");
    thread.join().expect("no overflow and no failed check");
}

fn ids(text: &str) -> Vec<&'static str> {
    parse_filter(text).1.iter().map(|it| it.id).collect()
}

#[test]
fn two_hundred_levels_are_read_and_printed() {
    on_small_stack(|| {
        for (open, close) in
            [("(", ")"), ("b AND (c = ", ")"), ("a OR (b AND ", ")"), ("f(", ")"), ("1 + (", ")"), ("x IN (", ")")]
        {
            let text = format!("{}a{}", open.repeat(200), close.repeat(200));
            let (tree, diagnostics) = parse_filter(&text);
            assert_eq!(diagnostics, [], "{open}");
            assert!(parse_filter(&print_expression(&tree)).0 == tree, "{open}");
        }
    });
}

#[test]
fn endless_nesting_is_refused() {
    on_small_stack(|| {
        assert!(ids(&"(".repeat(1_000_000)).contains(&"nesting-too-deep"));
        for open in [
            "f(",
            "- ",
            "NOT ",
            "~",
            "a ^ ",
            "a + ",
            "a = ",
            "CASE ",
            "CASE WHEN ",
            "IF ",
            "IF a THEN b ELSE ",
            "x IN (",
            "x IN (SELECT a FROM events WHERE ",
            "a OR b AND c = d | e # f & g << h + i * j ^ (",
            "a OR b AND c = d | e # f & g << h + i * j ^ - f(",
            "x LIKE ANY (",
            "x BETWEEN (",
            "(SELECT ",
            "f(SELECT ",
        ] {
            let text = open.repeat(100_000 / open.len());
            assert!(ids(&text).contains(&"nesting-too-deep") || open == "a = ", "{open}");
        }
        let (_, diagnostics) = parse_query(&"SELECT a FROM (".repeat(10_000));
        assert!(diagnostics.iter().any(|it| it.id == "nesting-too-deep"));
    });
}

#[test]
fn adversarial_chains_stay_low() {
    on_small_stack(|| {
        let chain = " + a".repeat(200);
        let text = format!("{}a{}", "(".repeat(200), format!("{chain})").repeat(200));
        assert!(ids(&text).contains(&"nesting-too-deep"));
        let comparisons = "a = ".repeat(100_000) + "a";
        assert!(ids(&comparisons).contains(&"chained-comparison"));
    });
}

#[test]
fn chains_of_and_and_or_have_no_bound() {
    on_small_stack(|| {
        for word in ["AND", "OR"] {
            let text = vec!["a = 1"; 20_000].join(&format!(" {word} "));
            let (tree, diagnostics) = parse_filter(&text);
            assert_eq!(diagnostics, []);
            assert_eq!(print_expression(&tree), text);
        }
    });
}
