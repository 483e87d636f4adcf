//! `JavaRegex` against the results of `java.util.regex` (Java 17) in `java_regex.tsv`, which `java/RegexTable.java` wrote.

use std::ops::Range;

use aql::text::{Case, JavaRegex, Replacement};

/// What Java accepts and we refuse.
const REFUSED: &[&str] = &[
    // Not supported.
    r"\b{g}",
    r"\N{LATIN SMALL LETTER A}",
    "(?c)a",
    // A group that refers to itself.
    r"(a\1)",
    r"(a|b\1)+",
    // Blanks inside of an escape, a group's beginning or a count under flag `x`.
    r"(?x)\x 41",
    "(?x)( ?:a)",
    "(?x)a{2 }",
];

/// Where our result is another: expression, value, our result, reason.
const DIFFERENT: &[(&str, &str, &str, &str)] = &[
    ("(a*)*", "aab", "0..2 0..2", "the group of a last empty round is not reported"),
    ("(a|)+", "aab", "0..2 1..2", "the group of a last empty round is not reported"),
    (r"(?i)(⟦e9⟧)\1", "⟦e9⟧⟦c9⟧", "0..4 0..2", "references ignore the case of all letters, not only of ASCII"),
    (r"\R{2}", "⟦d⟧⟦a⟧", "0..2", "Java does not take apart a repeated line end"),
    ("(?iu)⟦df⟧", "⟦1e9e⟧", "0..3", "simple case folding joins both forms of sharp s"),
];

/// Turns `⟦hex⟧` back into characters.
fn decoded(cell: &str) -> String {
    let mut text = String::new();
    for (index, part) in cell.split('⟦').enumerate() {
        match part.split_once('⟧') {
            Some((code, rest)) if index > 0 => {
                let code = u32::from_str_radix(code, 16).expect("a hexadecimal number");
                text.push(char::from_u32(code).expect("a character"));
                text.push_str(rest);
            }
            _ => text.push_str(part),
        }
    }
    text
}

fn range_text(range: Option<Range<usize>>) -> String {
    range.map_or_else(|| "-".to_owned(), |range| format!("{}..{}", range.start, range.end))
}

fn result(expression: &str, value: &str) -> String {
    let Ok(regex) = JavaRegex::new(expression, Case::Sensitive) else { return "error".to_owned() };
    let captures = regex.captures(value);
    let found = regex.find(value);
    assert_eq!(regex.is_match(value), found.is_some(), "{expression:?} {value:?}");
    assert_eq!(captures.as_ref().and_then(|captures| captures.get(0)), found, "{expression:?} {value:?}");
    assert_eq!(regex.budget_exceeded(), 0, "{expression:?} {value:?}");
    captures.map_or_else(
        || "none".to_owned(),
        |captures| (0..=regex.groups()).map(|group| range_text(captures.get(group))).collect::<Vec<_>>().join(" "),
    )
}

#[test]
fn results_are_those_of_java() {
    let mut faults = Vec::new();
    let extra = std::env::var("EXTRA_TABLE").ok().map(|p| std::fs::read_to_string(p).expect("x"));
    let table = extra.as_deref().unwrap_or(include_str!("java_regex.tsv"));
    for line in table.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let (expression, value) = (decoded(cells[0]), decoded(cells[1]));
        let ours = result(&expression, &value);
        let known = DIFFERENT.iter().find(|case| case.0 == cells[0] && case.1 == cells[1]);
        let expected = known.map_or(cells[2], |case| case.2);
        let refused = ours == "error" && REFUSED.contains(&cells[0]);
        if ours != expected && !refused {
            faults.push(format!("{}\t{}\tjava {}\tours {ours}", cells[0], cells[1], cells[2]));
        }
    }
    assert!(faults.is_empty(), "{} results differ:\n{}", faults.len(), faults.join("\n"));
}
