//! Files of users' own properties: what is read, and each fault with its line.

use schema::Type;
use schema::properties::{Expression, JsonStep, find, read};

const GOOD: &str = r#"
[[property]]
name = "Vendor Risk"
type = "number"
description = "How the vendor rates it."
when = { device_type = 12, channel = "System", event_id = [7045, "4697"] }

[[property.expression]]
kind = "json"
path = '/"risk"/"score"'

[[property.expression]]
kind = "regex"
pattern = 'risk=(\d+)'

[[property]]
name = "Badge"
[[property.expression]]
kind = "name-value"
key = "badge"
delimiter = ";"
[[property.expression]]
kind = "list"
position = 3
[[property.expression]]
kind = "xml"
path = "/Event/System/Provider/@Name"
[[property.expression]]
kind = "leef"
key = "badge"
[[property.expression]]
kind = "cef"
key = "cs1"
"#;

#[test]
fn definitions_of_every_kind() {
    let (definitions, errors) = read(GOOD);
    assert_eq!(errors, []);
    let risk = find(&definitions, "vendorrisk").expect("found without blanks and case");
    assert_eq!((risk.value_type, risk.line), (Type::Double, 2));
    assert_eq!(risk.filter.event_ids, ["7045", "4697"]);
    assert_eq!((risk.filter.device_type, risk.filter.channel.as_deref()), (Some(12), Some("System")));
    let path = vec![JsonStep::Key("risk".into()), JsonStep::Key("score".into())];
    assert_eq!(risk.expressions[0], Expression::Json(path));
    assert_eq!(risk.expressions[1], Expression::Regex { pattern: r"risk=(\d+)".into(), group: 1 });
    let badge = &definitions[1];
    let pair = Expression::NameValue { key: "badge".into(), delimiter: ";".into(), separator: "=".into() };
    assert_eq!(badge.expressions[0], pair);
    assert_eq!(badge.expressions[1], Expression::List { position: 3, delimiter: ",".into() });
    assert_eq!(badge.expressions.len(), 5);
}

/// A definition named `x` with one expression of these lines, which begin at line 4.
fn expression(lines: &str) -> String {
    format!("[[property]]\nname = \"x\"\n[[property.expression]]\n{lines}\n")
}

#[test]
fn every_fault_has_its_line() {
    let cases = [
        ("[[property]]\nname = \"a\nb\"\n".to_owned(), 2, ""),
        ("[[property]]\n[[property.expression]]\nkind = \"leef\"\nkey = \"a\"\n".to_owned(), 1, "`name` is missing"),
        ("[[property]]\nname = \"x\"\n".to_owned(), 1, "no [[property.expression]]"),
        ("colour = 1\n".to_owned(), 1, "unknown key `colour`"),
        (expression("kind = \"leef\"\nkey = \"a\"").replace("\"x\"", "\"sourceip\""), 2, "built-in field"),
        (expression("kind = \"soap\""), 3, "no kind of expression `soap`"),
        (expression("kind = \"json\"\npath = 'a'"), 5, "expected before"),
        (expression("kind = \"json\"\npath = '/a'\ngroup = 1"), 6, "unknown key `group`"),
        (expression("kind = \"regex\"\npattern = '(a'"), 5, "not understood"),
        (expression("kind = \"regex\"\npattern = 'a'"), 5, "has 0 groups"),
        (expression("kind = \"regex\"\npattern = '(a{1000}){1000}{1000}'"), 5, "not understood"),
        (expression("kind = \"list\"\nposition = 0"), 3, "from 1"),
        (expression("kind = \"leef\"\nkey = 5"), 5, "`key` must be a text"),
        (expression("kind = \"name-value\"\nkey = \"a\"\ndelimiter = \"\""), 6, "must not be empty"),
        (
            expression("kind = \"leef\"\nkey = \"a\"").replace("[[property.", "type = \"colour\"\n[[property."),
            3,
            "no type `colour`",
        ),
    ];
    for (text, line, message) in cases {
        let (definitions, errors) = read(&text);
        assert_eq!(definitions, [], "{text}");
        let found: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|it| it.line == line && it.message.contains(message)), "{line} {message}: {found:?}");
    }
}

#[test]
fn a_fault_loses_only_its_own_definition() {
    let text = format!(
        "{GOOD}\n[[property]]\nname = \"broken\"\n[[property]]\nname = \"Badge\"\n[[property.expression]]\nkind = \"leef\"\nkey = \"a\"\n"
    );
    let (definitions, errors) = read(&text);
    assert_eq!(definitions.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Vendor Risk", "Badge"]);
    assert_eq!(errors.len(), 2, "one without expressions, one defined twice: {errors:?}");
}
