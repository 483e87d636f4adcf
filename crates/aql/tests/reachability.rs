//! Every claim about random conditions holds on random rows: what is said never to happen does not, and on the rows that
//! are given as proof it does. `PROPTEST_CASES` sets how many conditions are drawn.

mod rows;

use aql::bound::Expr;
use aql::reachability::{Answer, Outcome, Reachability};
use aql::{Environment, LowerOptions, Options, compile_expression};
use proptest::prelude::*;
use schema::EVENTS;

use rows::{Row, row, truths};

const OUTCOMES: [Outcome; 5] = [Outcome::True, Outcome::False, Outcome::Unknown, Outcome::NotTrue, Outcome::NotFalse];
/// What texts and patterns are made of: letters that fold and lower in odd ways, line ends, ordinary ones.
const PIECES: &[&str] = &[
    "a", "b", "ab", "A", "B", "k", "K", "\u{212a}", "s", "S", "\u{17f}", "i", "I", "\u{130}", "\u{131}", "\u{3a3}",
    "\u{3c3}", "\u{3c2}", "ß", "1", "7", "12", " ", ".", "\\", "\n", "\r", "\u{2028}", "_", "%", "e", "É", "é",
];
const PLAIN: &[&str] = &["a", "b", "A", "k", "K", "s", "1", "7", "i"];

fn text() -> impl Strategy<Value = String> + Clone {
    let plain = prop::collection::vec(prop::sample::select(PLAIN), 0..3);
    let any = prop::collection::vec(prop::sample::select(PIECES), 0..4);
    prop_oneof![3 => plain, 2 => any].prop_map(|it| it.concat())
}

fn like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![2 => prop::sample::select(PLAIN), 1 => prop::sample::select(PIECES), 2 => Just("%"), 1 => Just("_")];
    prop::collection::vec(piece, 0..5).prop_map(|it| it.concat())
}

fn regex() -> impl Strategy<Value = String> {
    let parts = vec![
        "a",
        "b",
        "k",
        "s",
        "A",
        "i",
        "7",
        ".",
        ".*",
        "^",
        "$",
        "(a|b)",
        "[ab]",
        "[^a]",
        "a+",
        "b?",
        r"\d",
        r"\w",
        r"\b",
        r"\B",
        "(?i)",
        "(?m)^",
        "(?m)$",
        "(a$|b)",
        "k{1,2}",
        "(ab)*",
        r"\x{212a}",
        r"\.",
        r"\\",
        "(?=a)",
        r"\Z",
        r"\A",
        r"\s",
        "[^\\w]",
        r"(?iu:k)",
        r"\n",
        r"\R",
    ];
    prop::collection::vec(prop::sample::select(parts), 1..4).prop_map(|it| it.concat())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn text_operand() -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec!["username", "username", "username", "EventID", "Colour", "LOWER(username)"]);
    let computed = prop::sample::select(vec![
        "UPPER(username)",
        "TRIM(username)",
        "COALESCE(username, EventID)",
        "COALESCE(LOWER(Colour), 'a')",
        "STR(sourceip)",
        "CONCAT(username, Colour)",
        "CASE WHEN EventID = 7 THEN 'a' WHEN hasoffense THEN username ELSE 'b' END",
        "CASE WHEN username LIKE 'a%' THEN LOWER(username) END",
    ]);
    prop_oneof![4 => plain, 1 => computed].prop_map(str::to_owned)
}

fn text_test() -> impl Strategy<Value = String> {
    let not = prop_oneof![3 => Just(""), 1 => Just("NOT ")];
    let listed = prop::collection::vec(text(), 1..4).prop_map(|it| {
        let texts: Vec<String> = it.iter().map(|it| quoted(it)).collect();
        texts.join(", ")
    });
    let likes = prop::collection::vec(like(), 1..4).prop_map(|it| {
        let texts: Vec<String> = it.iter().map(|it| quoted(it)).collect();
        texts.join(", ")
    });
    prop_oneof![
        (text_operand(), prop::sample::select(vec!["=", "!=", "<", ">="]), text())
            .prop_map(|(operand, operator, text)| format!("{operand} {operator} {}", quoted(&text))),
        (text_operand(), not.clone(), listed).prop_map(|(operand, not, list)| format!("{operand} {not}IN ({list})")),
        (text_operand(), not.clone(), prop::sample::select(vec!["LIKE", "ILIKE", "ILIKE"]), like())
            .prop_map(|(operand, not, operator, text)| format!("{operand} {not}{operator} {}", quoted(&text))),
        (text_operand(), not.clone(), prop::sample::select(vec!["LIKE", "ILIKE"]), likes)
            .prop_map(|(operand, not, operator, list)| format!("{operand} {not}{operator} ANY ({list})")),
        (text_operand(), not, prop::sample::select(vec!["MATCHES", "IMATCHES"]), regex())
            .prop_map(|(operand, not, operator, text)| format!("{operand} {not}{operator} {}", quoted(&text))),
        text_operand().prop_map(|it| format!("{it} IS NULL")),
    ]
}

fn number_test() -> impl Strategy<Value = String> {
    let operand = prop::sample::select(vec![
        "sourceport",
        "qid",
        "qid",
        "STRLEN(username)",
        "qid + 1",
        "CASE WHEN username LIKE '%a%' THEN 1 ELSE 0 END",
        "(CASE WHEN username LIKE '%a%' THEN 40 ELSE 0 END + CASE WHEN qid = 2 THEN 50 ELSE 0 END)",
        "COALESCE(sourceport, 7)",
    ]);
    let number = prop::sample::select(vec!["0", "1", "2", "3", "7", "40", "90", "2.5", "-1", "0.0"]);
    let operator = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    prop_oneof![
        (operand.clone(), operator.clone(), number.clone()).prop_map(|(one, it, two)| format!("{one} {it} {two}")),
        (operand.clone(), prop::collection::vec(number.clone(), 1..4), prop::bool::ANY)
            .prop_map(|(one, list, not)| format!("{one} {}IN ({})", if not { "NOT " } else { "" }, list.join(", "))),
        (operand.clone(), number.clone(), number.clone()).prop_map(|(it, a, b)| format!("{it} BETWEEN {a} AND {b}")),
        (prop::sample::select(vec!["EventID", "Colour"]), operator, number)
            .prop_map(|(one, it, two)| format!("{one} {it} {two}")),
        operand.prop_map(|it| format!("{it} IS NOT NULL")),
    ]
}

fn other_test() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "hasoffense",
        "hasoffense = false",
        "hasoffense IS NULL",
        "sourceip = '10.0.0.1'",
        "sourceip IN ('10.0.0.1', '10.0.0.2')",
        "sourceip < '10.0.0.2'",
        "sourceip != destinationip",
        "sourceip = destinationip",
        "creeventlist IN (1, 2)",
        "creeventlist = 2",
        "creeventlist NOT IN (2, 3)",
        "creeventlist IS NULL",
        "username = Colour",
        "username = username",
        "NOT username = Colour",
        "sourceport = qid",
        "sourceport >= qid",
        "NOT sourceport < qid",
        "1 = 1",
        "1 = 2",
        "username = NULL",
        "true",
        "INCIDR('10.0.0.0/8', sourceip)",
    ])
    .prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![5 => text_test(), 2 => number_test(), 1 => other_test()];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            3 => many.clone().prop_map(|it| format!("({})", it.join(" AND "))),
            3 => many.prop_map(|it| format!("({})", it.join(" OR "))),
            2 => inner.clone().prop_map(|it| format!("(NOT ({it}))")),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(CASE WHEN {a} THEN {b} ELSE {c} END)")),
        ]
    })
}

/// The condition, bound; none where the random text is refused, such as for a regular expression of no meaning.
fn bound(text: &str, options: &Options) -> Option<(Expr, datafusion_expr::Expr)> {
    let query = compile_expression(text, &EVENTS, options).query?;
    let lowered = query.lower_columns(&LowerOptions::new(&options.environment)).ok()?;
    Some((query.columns[0].expr.clone(), lowered.into_iter().next()?.1))
}

fn check(texts: &[String], rows: &[Row]) -> Result<(), TestCaseError> {
    let options = Options::new(Environment::new(1_704_067_200_000));
    let conditions: Vec<_> = texts.iter().filter_map(|it| Some((it, bound(it, &options)?))).collect();
    let mut reachability = Reachability::new();
    let values: Vec<_> = conditions.iter().map(|(_, (_, lowered))| truths(lowered, rows)).collect();
    for (left, (left_text, (one, lowered))) in conditions.iter().enumerate() {
        for (right, (right_text, (two, other_lowered))) in conditions.iter().enumerate().skip(left) {
            for outcome in OUTCOMES {
                for other in OUTCOMES {
                    if left == right && outcome != other {
                        continue;
                    }
                    match reachability.can(&[(one, outcome), (two, other)]) {
                        Answer::Never => {
                            for (at, (truth, second)) in values[left].iter().zip(&values[right]).enumerate() {
                                prop_assert!(
                                    !(outcome.accepts(*truth) && other.accepts(*second)),
                                    "{left_text} {outcome:?} and {right_text} {other:?} happens on {:?}",
                                    rows[at]
                                );
                            }
                        }
                        Answer::Possible(witness) if witness.is_certain() => {
                            let made = [Row::of(&witness)];
                            let (truth, second) = (truths(lowered, &made)[0], truths(other_lowered, &made)[0]);
                            prop_assert!(
                                outcome.accepts(truth) && other.accepts(second),
                                "{left_text} {outcome:?} and {right_text} {other:?} is {truth:?} and {second:?} on {witness:?}"
                            );
                        }
                        Answer::Possible(_) | Answer::Undecided => {}
                    }
                }
            }
        }
    }
    Ok(())
}

/// How many pairs of conditions are drawn.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(100)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn claims_hold_on_rows(
        texts in prop::collection::vec(condition(), 2),
        rows in prop::collection::vec(row(text()), 24),
        own in any::<u64>(),
    ) {
        // Rows made of the very texts of the conditions hit more often.
        let rows: Vec<Row> = rows.into_iter().chain(rows::from_texts(&texts, own, 24)).collect();
        check(&texts, &rows)?;
    }
}
