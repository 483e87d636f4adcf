//! TEXT SEARCH: Lucene's syntax over words.

use aql::text::TextSearch;

#[test]
fn searches() {
    // Search, value, the part that is named; none for no match.
    let cases: &[(&str, &str, Option<&str>)] = &[
        ("firewall", "the Firewall denied", Some("Firewall")),
        ("firewall", "firewalls", None),
        ("user", "ldap_user logged on", None),
        ("ldap_user", "LDAP_USER logged on", Some("LDAP_USER")),
        ("\"firewall deny\"", "a firewall: deny it", Some("firewall: deny")),
        ("\"firewall deny\"", "a firewall may deny it", None),
        ("firewall deny", "we deny", Some("deny")),
        ("a AND b OR c", "x c", Some("c")),
        ("a AND b OR c", "a x", None),
        ("a && (b || c)", "c and a", Some("a")),
        ("a AND NOT b", "a c", Some("a")),
        ("a AND NOT b", "a b", None),
        ("a -b", "a b", None),
        ("a !b", "a", Some("a")),
        ("+a b", "b", None),
        ("+a b", "a", Some("a")),
        ("NOT b", "a", Some("")),
        ("NOT NOT a", "a", Some("a")),
        ("-(a OR b) c", "c b", None),
        ("f?rewall", "a FIREWALL", Some("FIREWALL")),
        ("fire*", "firewall", Some("firewall")),
        ("*wall*", "one firewalled host", Some("firewalled")),
        ("%PIX* AND 10.100.100.*", "%PIX-6-302013: from 10.100.100.7", Some("PIX")),
        ("10.100.100.*", "10.100.101.7", None),
        (r"C:\Windows\System32\sc.exe", r"ran C:\Windows\System32\SC.EXE now", Some(r"C:\Windows\System32\SC.EXE")),
        (r"\(here\)", "it is (here)", Some("here")),
        ("or and not", "Not one", Some("Not")),
        ("ÄRGER", "ärger", Some("ärger")),
        ("*", "", None),
        ("*", "x", Some("x")),
        ("a*b*c", "aXbbYc", Some("aXbbYc")),
        ("a*b?c", "abbbc", Some("abbbc")),
        ("a*b?c", "abc", None),
    ];
    for &(search, value, expected) in cases {
        let compiled = TextSearch::new(search).unwrap_or_else(|error| panic!("{search}: {error}"));
        assert_eq!(compiled.find(value).map(|range| &value[range]), expected, "{search:?} in {value:?}");
        assert_eq!(compiled.is_match(value), expected.is_some(), "{search:?} in {value:?}");
    }
}

#[test]
fn refused_searches() {
    // Search, the text that the error names.
    for (search, place) in [
        ("", ""),
        ("  ", "  "),
        ("...", "..."),
        ("\"open", "\"open"),
        ("(a OR b", "(a OR b"),
        ("a )", ")"),
        ("a AND", ""),
        ("a OR", ""),
        ("(NOT) a", ")"),
        ("[a TO b]", "["),
        ("roam~2", "~"),
        ("a^4", "^"),
        ("\"--\"", "\"--\""),
    ] {
        let error = TextSearch::new(search).expect_err(search);
        assert_eq!(&search[error.span.start..error.span.end], place, "{search:?}: {error}");
    }
    assert!(TextSearch::new(&"(".repeat(1000)).is_err());
    assert!(TextSearch::new(&"a ".repeat(2000)).is_err());
}
