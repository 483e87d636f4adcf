//! Deep and long queries neither overflow the stack nor take long.

use std::fmt::Write;
use std::time::{Duration, Instant};

use aql::{Environment, LowerOptions, Options, compile};

/// Compiles and lowers; whether the query is accepted.
fn accepts(text: &str) -> bool {
    let options = Options::new(Environment::new(0));
    let compiled = compile(text, &options);
    assert!(compiled.query.is_some() || !compiled.diagnostics.is_empty(), "what is refused is refused with a word");
    let lower = LowerOptions::new(&options.environment);
    compiled.query.is_some_and(|it| it.lower(&lower).is_ok())
}

#[test]
fn nesting() {
    let shapes = [
        ("LOWER(", "username", ")"),
        ("(1 + ", "sourceport", ")"),
        ("- ", "sourceport", ""),
        ("CASE WHEN qid = 1 THEN 1 ELSE ", "0", " END"),
        ("CASE WHEN ", "hasoffense", " THEN true END"),
        ("IF hasoffense THEN 1 ELSE ", "2", ""),
    ];
    for (open, middle, close) in shapes {
        for depth in [10, 100, 250, 1000] {
            let text = format!(
                "SELECT {}{middle}{} AS deep FROM events WHERE deep IS NOT NULL",
                open.repeat(depth),
                close.repeat(depth)
            );
            let is_accepted = accepts(&text);
            assert!(is_accepted || depth > 10, "{open} {depth}");
        }
    }
    let conditions =
        [("NOT (", ")"), ("(qid = 1 AND (qid = 2 OR ", "))"), ("qid IN (SELECT qid FROM events WHERE ", ")")];
    for (open, close) in conditions {
        for depth in [10, 100, 1000] {
            let text = format!("SELECT qid FROM events WHERE {}hasoffense{}", open.repeat(depth), close.repeat(depth));
            let is_accepted = accepts(&text);
            assert!(is_accepted || depth > 10, "{open} {depth}");
        }
    }
}

#[test]
fn chains_of_aliases_are_bounded() {
    let mut chain = "SELECT qid AS a0".to_owned();
    let mut doubling = chain.clone();
    for number in 1..200 {
        let before = number - 1;
        write!(chain, ", a{before} + 1 AS a{number}").expect("a text takes what is written");
        write!(doubling, ", a{before} + a{before} AS a{number}").expect("a text takes what is written");
    }
    accepts(&format!("{chain} FROM events"));
    assert!(!accepts(&format!("{doubling} FROM events WHERE a199 = 1")), "2^199 additions are refused");
}

#[test]
fn long_lists() {
    let started = Instant::now();
    let list = |each: &dyn Fn(usize) -> String, joint: &str| (0..5000).map(each).collect::<Vec<_>>().join(joint);
    let terms: [String; 5] = [
        list(&|it| format!("CommandLine ILIKE '%tool{it}%'"), " OR "),
        list(&|it| format!("sourceport = {it}"), " OR "),
        list(&|it| format!("(username = 'u{it}' AND CommandLine LIKE '%{it}')"), " OR "),
        list(&|it| format!("username NOT LIKE '%{it}'"), " AND "),
        format!("qid IN ({})", list(&|it| it.to_string(), ", ")),
    ];
    for term in terms {
        assert!(accepts(&format!("SELECT qid FROM events WHERE {term}")));
    }
    assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
}
