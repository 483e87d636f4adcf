//! Tuning files: the built-in ones are good, each fault is said at its place, what is written can be read.

use pack::Options;
use pack::tuning::{Proposal, read_tuning, write_tuning};

fn options() -> Options {
    Options::new(aql::Environment::new(0))
}

#[test]
fn built_in_files_are_good() {
    let mut ids = Vec::new();
    for (file, text) in pack::builtin_tuning() {
        let (exclusions, diagnostics) = read_tuning(file, text, &options());
        assert!(diagnostics.is_empty(), "{}", syntax::render(&diagnostics, file, text, false));
        assert!(!exclusions.is_empty(), "{file}");
        for exclusion in exclusions {
            let product = exclusion.product.expect("a built-in exclusion is off until its product is chosen");
            assert_eq!(format!("{product}.toml"), *file);
            assert!(exclusion.reason.contains("erified"), "{}: the reason says whether it is verified", exclusion.id);
            assert!(exclusion.filter.contains("Path\"") || exclusion.filter.contains("Filename\""), "{}", exclusion.id);
            ids.push(exclusion.id);
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice");
    assert!(count >= 20, "{count}");
}

/// A good file; each case changes one part of it.
const GOOD: &str = r#"
[[exclusion]]
id = "backup-agent"
detections = ["windows-service", "T1543", "*"]
owner = "ann"
reason = "the agent"
expires = 2027-02-28
filter = '''
username = 'ann'
  AND "Service Filename" ILIKE 'C:\Backup\%'
'''

[[exclusion]]
id = "second"
detections = ["T1569.002"]
owner = "bob"
reason = "another"
expires = "2028-02-29"
enabled = false
filter = "\"Service Filename\" = 'C:\\a.exe'"
"#;

#[test]
fn a_good_file_is_read() {
    let (exclusions, diagnostics) = read_tuning("site.toml", GOOD, &options());
    assert_eq!(diagnostics, []);
    let ids: Vec<_> = exclusions.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["backup-agent", "second"]);
    assert_eq!(exclusions[0].expires.as_deref(), Some("2027-02-28"));
    assert!(exclusions[0].is_expired("2027-03-01") && !exclusions[0].is_expired("2027-02-28"));
    assert!(exclusions[0].enabled && !exclusions[1].enabled);
    assert_eq!(exclusions[1].filter, r#""Service Filename" = 'C:\a.exe'"#);
}

#[test]
fn each_fault_is_said_at_its_place_and_loses_nothing_else() {
    // What is replaced by what; the diagnostic, the text that it points at, a part of the help.
    let cases = [
        ("owner = \"ann\"", "ownr = \"ann\"", "unknown-key", "ownr", "did you mean `owner`"),
        ("owner = \"ann\"\n", "", "missing-key", "[[exclusion]]", "add `owner"),
        ("expires = 2027-02-28\n", "", "missing-key", "[[exclusion]]", "add `expires"),
        ("2027-02-28", "\"2027-02-29\"", "wrong-value", "\"2027-02-29\"", "a date"),
        ("2027-02-28", "\"soon\"", "wrong-value", "\"soon\"", "a date"),
        ("\"T1543\", \"*\"", "\"T15\", \"*\"", "wrong-value", "\"T15\"", "techniques"),
        ("\"backup-agent\"", "\"Backup Agent\"", "wrong-value", "\"Backup Agent\"", "lower-case"),
        ("\"backup-agent\"", "\"second\"", "duplicate-id", "\"second\"", ""),
        ("username = 'ann'", "usernam = 'ann'", "undeclared-property", "usernam", ""),
        ("= 'C:\\\\a.exe'", "LIKE 'C:\\\\a.exe' AND LOWR(username) = 'x'", "unknown-function", "LOWR", ""),
        ("username = 'ann'", "qid IN (SELECT qid FROM events)", "sub-select-in-exclusion", "'''", "reference set"),
        ("\"Service Filename\" ILIKE 'C:\\Backup\\%'", "\"Service Name\" = 'x'", "name-only-exclusion", "'''", "path"),
        ("owner = \"ann\"", "owner = ann\"", "not-toml", "", ""),
    ];
    for (from, to, id, at, help) in cases {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        let (exclusions, diagnostics) = read_tuning("site.toml", &text, &options());
        let rendered = syntax::render(&diagnostics, "site.toml", &text, false);
        let found = diagnostics.iter().any(|it| {
            let said = text.get(it.span.start..it.span.end).unwrap_or_default();
            it.id == id && said.starts_with(at) && it.help.as_deref().unwrap_or_default().contains(help)
        });
        assert!(found, "{to}: {id} at `{at}` is missing\n{rendered}");
        let kept = match id {
            "not-toml" => 0,
            "name-only-exclusion" | "undeclared-property" => 2,
            _ => 1,
        };
        assert_eq!(exclusions.len(), kept, "{to}: {rendered}");
    }
}

#[test]
fn what_is_written_can_be_read() {
    let filters = [
        r#""Service Filename" ILIKE 'C:\Program Files\A B\%' AND username = 'o''neil'"#,
        "\"Process Path\" = 'C:\\a.exe' OR username = ''''",
        "username = 'tab\there' AND devicetype = 12",
        "\"Process Path\" = 'bell\u{7}'",
    ];
    let proposals: Vec<Proposal> = (1..)
        .zip(filters)
        .map(|(number, filter)| Proposal {
            id: format!("proposal-{number}"),
            detection: "windows-service".to_owned(),
            owner: "ann \"a\" \\".to_owned(),
            reason: "why\nnot".to_owned(),
            expires: "2027-01-31".to_owned(),
            enabled: number > 1,
            filter: filter.to_owned(),
        })
        .collect();
    let text = write_tuning("Judge each.\n\nThen use it.", &proposals);
    assert!(text.starts_with("# Judge each.\n#\n# Then use it.\n"), "{text}");
    let (exclusions, diagnostics) = read_tuning("written.toml", &text, &options());
    assert!(diagnostics.is_empty(), "{}", syntax::render(&diagnostics, "written.toml", &text, false));
    assert_eq!(exclusions.len(), proposals.len());
    for (exclusion, proposal) in exclusions.iter().zip(&proposals) {
        assert_eq!(exclusion.filter.trim(), proposal.filter);
        assert_eq!((&exclusion.owner, &exclusion.reason), (&proposal.owner, &proposal.reason));
        assert_eq!((&exclusion.expires, exclusion.enabled), (&Some(proposal.expires.clone()), proposal.enabled));
    }
}

#[test]
fn the_filter_of_an_exclusion_reads_strings_as_qradar_does() {
    let options = Options { escapes: aql::Escapes::CStyle, ..options() };
    let (exclusions, _) = read_tuning("site.toml", GOOD, &options);
    let bound = format!("{:?}", exclusions[0].bound.filter);
    assert!(bound.contains(r"C:\\Backup\\%"), "{bound}");
}
