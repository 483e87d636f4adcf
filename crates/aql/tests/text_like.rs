//! LIKE, ILIKE and sets of patterns against a plain reference matcher, the `regex` crate and one another.

use aql::text::{Case, Pattern, TextMatcher};
use proptest::prelude::*;

fn like(pattern: &str, case: Case) -> TextMatcher {
    TextMatcher::new(&[Pattern::Like(pattern.to_owned())], case).expect("a LIKE pattern is always valid")
}

/// The definition of LIKE, by recursion.
fn reference(pattern: &[char], value: &[char]) -> bool {
    match pattern.split_first() {
        None => value.is_empty(),
        Some(('%', rest)) => (0..=value.len()).any(|skipped| reference(rest, &value[skipped..])),
        Some(('_', rest)) => !value.is_empty() && reference(rest, &value[1..]),
        Some((character, rest)) => value.first() == Some(character) && reference(rest, &value[1..]),
    }
}

/// The same as a regular expression.
fn as_regex(pattern: &str, insensitive: bool) -> regex::Regex {
    let mut text = String::from(if insensitive { r"(?is)\A" } else { r"(?s)\A" });
    for character in pattern.chars() {
        match character {
            '%' => text.push_str(".*"),
            '_' => text.push('.'),
            other => text.push_str(&regex::escape(&other.to_string())),
        }
    }
    text.push_str(r"\z");
    regex::Regex::new(&text).expect("every character is escaped")
}

#[test]
fn like_cases() {
    // Pattern, value, LIKE, ILIKE, and the part of the value that ILIKE names.
    let cases: &[(&str, &str, bool, bool, &str)] = &[
        ("", "", true, true, ""),
        ("", "a", false, false, ""),
        ("%", "", true, true, ""),
        ("%%", "any", true, true, ""),
        ("_", "", false, false, ""),
        ("_", "é", true, true, "é"),
        ("_", "ab", false, false, ""),
        ("__", "e\u{301}", true, true, "e\u{301}"),
        (r"%\powershell.exe", r"C:\Windows\PowerShell.exe", false, true, r"\PowerShell.exe"),
        (r"%\\powershell.exe", r"C:\Windows\PowerShell.exe", false, false, ""),
        (r"C:\%", r"c:\temp", false, true, r"c:\"),
        ("%Temp%", "in TEMP now", false, true, "TEMP"),
        ("%a%b%", "xx A then B yy", false, true, "A then B"),
        ("a%b", "a\r\n\u{2028}b", true, true, "a\r\n\u{2028}b"),
        ("a%a", "a", false, false, ""),
        ("%ab%ab", "ab", false, false, ""),
        ("%ab%ab", "abab", true, true, "abab"),
        ("a_c%", "abcabc", true, true, "abc"),
        ("%_", "", false, false, ""),
        ("%_c", "xyzc", true, true, "zc"),
        ("%b_%", "ab bc", true, true, "b "),
        ("%__%", "é", false, false, ""),
        ("%_a_%", "aaa", true, true, "aaa"),
        ("100%", "100%", true, true, "100"),
        ("%ÄRGER%", "so viel ärger", false, true, "ärger"),
        ("%kelvin%", "\u{212a}elvin", false, true, "\u{212a}elvin"),
        ("%ΣΊΣΥΦΟΣ%", "σίσυφος", false, true, "σίσυφος"),
        ("i", "İ", false, false, ""),
        ("STRASSE", "straße", false, false, ""),
        ("'(.*)[a]+$", "'(.*)[a]+$", true, true, "'(.*)[a]+$"),
    ];
    for &(pattern, value, sensitive, insensitive, hit) in cases {
        assert_eq!(like(pattern, Case::Sensitive).is_match(value), sensitive, "{value:?} LIKE {pattern:?}");
        let matcher = like(pattern, Case::Insensitive);
        assert_eq!(matcher.is_match(value), insensitive, "{value:?} ILIKE {pattern:?}");
        let expected = insensitive.then_some((0, hit));
        assert_eq!(matcher.find(value).map(|(index, range)| (index, &value[range])), expected, "{value:?} {pattern:?}");
    }
}

#[test]
fn lowered_values_meet_patterns_as_written() {
    for (pattern, value, expected) in [
        ("%temp%", "C:\\TEMP", true),
        ("%Temp%", "C:\\Temp", false),
        ("İ", "İ", false),
        ("i\u{307}", "İ", true),
        ("%ς", "ΟΔΟΣ", true),
        ("k", "\u{212a}", true),
    ] {
        assert_eq!(like(pattern, Case::Lowered).is_match(value), expected, "LOWER({value:?}) LIKE {pattern:?}");
    }
    let matcher = TextMatcher::new(&[Pattern::Regex("é+k".to_owned())], Case::Lowered).expect("valid");
    assert_eq!(matcher.find("xÉÉ\u{212a}"), Some((0, 1..8)));
}

#[test]
fn the_first_pattern_that_matches_is_named() {
    let patterns = [
        Pattern::Like("%zzz%".to_owned()),
        Pattern::Equal("No%Wildcard_".to_owned()),
        Pattern::Regex("w[a-z]+d".to_owned()),
        Pattern::Like("%card_".to_owned()),
    ];
    let matcher = TextMatcher::new(&patterns, Case::Insensitive).expect("valid");
    assert_eq!(matcher.find("no%wildcard_"), Some((1, 0..12)));
    assert_eq!(matcher.find("A Wildcard!"), Some((2, 2..10)));
    assert_eq!(matcher.find("scard!"), Some((3, 1..6)));
    assert_eq!(matcher.find("other"), None);
    assert!(!TextMatcher::new(&[], Case::Sensitive).expect("valid").is_match(""));
}

#[test]
fn errors_name_pattern_and_place() {
    let patterns = [Pattern::Like("(".to_owned()), Pattern::Regex("a(b".to_owned())];
    let error = TextMatcher::new(&patterns, Case::Sensitive).expect_err("an open group");
    assert_eq!((error.pattern, error.span.start, error.span.end), (1, 1, 3));
    let long = Pattern::Like("a".repeat(aql::text::PATTERN_BYTES_MAX + 1));
    assert!(TextMatcher::new(&[long], Case::Sensitive).is_err());
}

#[test]
fn equality_is_by_patterns_and_case() {
    let one = like("%a%", Case::Sensitive);
    assert_eq!(one, like("%a%", Case::Sensitive));
    assert_ne!(one, like("%a%", Case::Insensitive));
    assert_ne!(one, like("%b%", Case::Sensitive));
    assert_eq!(one.to_string(), "like '%a%'");
    assert_eq!(like("it's", Case::Lowered).to_string(), "lower like 'it''s'");
}

fn pattern_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["%", "_", "a", "B", "b", "\\", ".", "k", "é", "É", "\u{212a}"]),
        0..8,
    )
    .prop_map(|pieces| pieces.concat())
}

fn value_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["a", "A", "b", "\\", ".", "K", "é", "É", "\u{212a}", "\n", "%", "_"]),
        0..10,
    )
    .prop_map(|pieces| pieces.concat())
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        4 => pattern_text().prop_map(Pattern::Like),
        2 => value_text().prop_map(Pattern::Equal),
        3 => ("[%]?", value_text(), "[%]?").prop_map(|(before, text, after)| Pattern::Like(format!("{before}{text}{after}"))),
        1 => value_text().prop_map(|text| Pattern::Regex(regex::escape(&text))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn like_is_what_the_definition_says(pattern in pattern_text(), value in value_text()) {
        let matched = like(&pattern, Case::Sensitive).is_match(&value);
        let characters: Vec<char> = value.chars().collect();
        prop_assert_eq!(matched, reference(&pattern.chars().collect::<Vec<_>>(), &characters));
        prop_assert_eq!(matched, as_regex(&pattern, false).is_match(&value));
    }

    #[test]
    fn ilike_is_a_case_insensitive_regex(pattern in pattern_text(), value in value_text()) {
        let matcher = like(&pattern, Case::Insensitive);
        let matched = matcher.is_match(&value);
        prop_assert_eq!(matched, as_regex(&pattern, true).is_match(&value));
        let found = matcher.find(&value);
        prop_assert_eq!(matched, found.is_some());
        if let Some((_, range)) = found {
            // The part that is named, with any run around it, is what the pattern asks for.
            let inner = pattern.trim_matches('%');
            prop_assert!(as_regex(inner, true).is_match(&value[range]));
        }
    }

    #[test]
    fn a_set_matches_when_one_of_its_patterns_does(
        patterns in prop::collection::vec(any_pattern(), 0..12),
        value in value_text(),
        case in prop::sample::select(vec![Case::Sensitive, Case::Lowered, Case::Insensitive]),
    ) {
        let singles: Vec<bool> = patterns
            .iter()
            .map(|pattern| TextMatcher::new(std::slice::from_ref(pattern), case).expect("valid").is_match(&value))
            .collect();
        let matcher = TextMatcher::new(&patterns, case).expect("valid");
        prop_assert_eq!(matcher.is_match(&value), singles.contains(&true));
        prop_assert_eq!(matcher.find(&value).map(|(index, _)| index), singles.iter().position(|matched| *matched));
    }
}
