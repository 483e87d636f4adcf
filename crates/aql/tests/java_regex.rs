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

fn result(regex: Option<&JavaRegex>, value: &str) -> String {
    let Some(regex) = regex else { return "error".to_owned() };
    let captures = regex.captures(value);
    let found = regex.find(value);
    assert_eq!(regex.is_match(value), found.is_some(), "{regex:?} {value:?}");
    assert_eq!(captures.as_ref().and_then(|captures| captures.get(0)), found, "{regex:?} {value:?}");
    assert_eq!(regex.budget_exceeded(), 0, "{regex:?} {value:?}");
    captures.map_or_else(
        || "none".to_owned(),
        |captures| (0..=regex.groups()).map(|group| range_text(captures.get(group))).collect::<Vec<_>>().join(" "),
    )
}

#[test]
fn results_are_those_of_java() {
    let mut faults = Vec::new();
    let mut compiled: Option<(&str, Option<JavaRegex>)> = None;
    for line in include_str!("java_regex.tsv").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        if compiled.as_ref().is_none_or(|(expression, _)| *expression != cells[0]) {
            compiled = Some((cells[0], JavaRegex::new(&decoded(cells[0]), Case::Sensitive).ok()));
        }
        let ours = result(compiled.as_ref().and_then(|(_, regex)| regex.as_ref()), &decoded(cells[1]));
        let known = DIFFERENT.iter().find(|case| case.0 == cells[0] && case.1 == cells[1]);
        let expected = known.map_or(cells[2], |case| case.2);
        let refused = ours == "error" && REFUSED.contains(&cells[0]);
        if ours != expected && !refused {
            faults.push(format!("{}\t{}\tjava {}\tours {ours}", cells[0], cells[1], cells[2]));
        }
    }
    assert!(faults.is_empty(), "{} results differ:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn replacements() {
    // Expression, value, replacement, all replaced, first replaced: as Java gives them.
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        ("[0-9]", "a1b22", "#", "a#b##", "a#b22"),
        ("a*", "baac", "X", "XbXXcX", "Xbaac"),
        ("", "é", "-", "-é-", "-é"),
        (r"(\w+)@(\w+)", "x@y, a@b", "$2 at $1", "y at x, b at a", "y at x, a@b"),
        ("(?<user>\\w+)@", "x@y", "${user}#", "x#y", "x#y"),
        ("(a)(b)?", "a", "[$2$1]", "[a]", "[a]"),
        ("(a)", "a", "$10", "a0", "a0"),
        ("a", "a", r"\$1\\", r"$1\", r"$1\"),
        ("x", "none", "y", "none", "none"),
        ("a$", "a\n", "b", "b\n", "b\n"),
        ("(?m)^", "a\nb", "> ", "> a\n> b", "> a\nb"),
        (r"(?<=a)b", "abab", "", "aa", "aab"),
        (r"\Ga", "aab", "x", "xxb", "xab"),
    ];
    for &(expression, value, text, all, first) in cases {
        let regex = JavaRegex::new(expression, Case::Sensitive).expect(expression);
        let replacement = Replacement::new(text, &regex).expect(text);
        assert_eq!(regex.replace_all(value, &replacement), all, "{expression} {value} {text}");
        assert_eq!(regex.replace_first(value, &replacement), first, "{expression} {value} {text}");
    }
}

#[test]
fn refused_replacements() {
    let regex = JavaRegex::new("(a)(?<n>b)", Case::Sensitive).expect("valid");
    for (text, start) in [("$3", 0), ("x$", 1), ("${n", 0), ("${m}", 0), (r"a\", 1), ("$x", 0)] {
        assert_eq!(Replacement::new(text, &regex).expect_err(text).span.start, start, "{text}");
    }
}

#[test]
fn errors_name_the_place() {
    // Expression, the text that the error names, a word of the reason.
    for (expression, place, word) in [
        ("a(b", "(b", "parenthesis"),
        ("a)b", ")", "parenthesis"),
        ("x[a-", "[a-", "bracket"),
        ("x[z-a]y", "z-a", "backwards"),
        ("*.exe", "*", "repeated"),
        ("a{x}", "{", "number"),
        ("a{2,1}", "{2,1", "below"),
        (r"C:\Users\y", r"\U", "escape"),
        (r"\p{Nope}", r"\p{Nope}", "Nope"),
        (r"x\", r"\", "backslash"),
        ("(?<=(ab)*)c", "(?<=(ab)*)", "look-behind"),
        ("(?<a>x)(?<a>y)", "(?<a>", "named"),
        (r"\k<b>", r"\k<b>", "named"),
        ("(?z)", "(?z", "group"),
        ("é(", "(", "parenthesis"),
    ] {
        let error = JavaRegex::new(expression, Case::Sensitive).expect_err(expression);
        assert_eq!(&expression[error.span.start..error.span.end], place, "{expression}: {error}");
        assert!(error.reason.contains(word), "{expression}: {error}");
    }
}

#[test]
fn bounds_hold() {
    for expression in ["(a{500}){500}", "((a{100}){100}){100}", &"(".repeat(5000), &"[".repeat(5000)] {
        assert!(JavaRegex::new(expression, Case::Sensitive).is_err());
    }
    let deep = format!("{}a{}", "(?:".repeat(90), ")*".repeat(90));
    assert!(JavaRegex::new(&deep, Case::Sensitive).is_ok_and(|regex| regex.is_match("aaa")));
    // Exponential backtracking ends, counts as no match, and is counted.
    let regex = JavaRegex::new(r"^(?:(a+)+\1?)+$(?<!b)", Case::Sensitive).expect("valid");
    assert!(!regex.is_match(&format!("{}!", "a".repeat(60))));
    assert_eq!(regex.budget_exceeded(), 1);
}

#[test]
fn imatches_folds_unicode() {
    for (expression, value) in
        [("straße", "STRAßE"), ("ÉTÉ", "été"), ("k", "\u{212a}"), ("[à-ü]", "É"), (r"(é)\1", "éÉ")]
    {
        assert!(JavaRegex::new(expression, Case::Insensitive).expect("valid").is_match(value), "{expression} {value}");
    }
}
