//! What is answered at a place: a table for each feature. `|` marks the place in a text.

mod support;

use std::sync::{Arc, OnceLock};

use aql::{CollectionKind, ReferenceData};
use language_server::{SHOWN_MAX, Settings, Values};
use serde_json::{Value, json};

use support::{Editor, PAGE, QUERY, covered, edited, position, settings};

/// One reference set.
#[derive(Debug)]
struct OneSet;

impl ReferenceData for OneSet {
    fn names(&self, kind: CollectionKind) -> Vec<String> {
        if kind == CollectionKind::Set { vec!["Admin hosts".to_owned()] } else { Vec::new() }
    }
    fn has_set(&self, name: &str) -> bool {
        name == "Admin hosts"
    }
    fn set_contains(&self, _: &str, _: &str) -> bool {
        false
    }
    fn has_map(&self, _: &str) -> bool {
        false
    }
    fn map_value(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn has_map_of_sets(&self, _: &str) -> bool {
        false
    }
    fn map_set_contains(&self, _: &str, _: &str, _: &str) -> bool {
        false
    }
    fn has_table(&self, _: &str) -> bool {
        false
    }
    fn table_value(&self, _: &str, _: &str, _: &str) -> Option<String> {
        None
    }
}

/// With reference data, a property of the deployment and values of logs.
fn rich_settings() -> Settings {
    let mut settings = settings();
    settings.options.environment.reference_data = Arc::new(OneSet);
    settings.options.properties =
        vec![aql::Property { name: "Badge Number".to_owned(), value_type: schema::Type::Integer }];
    let mut values = Values::default();
    for (field, value, times) in
        [("username", "root", 3), ("username", "o'hara", 1), ("EventID", "7045", 2), ("Badge Number", "12", 1)]
    {
        (0..times).for_each(|_| values.count(field, value));
    }
    for number in 0..SHOWN_MAX + 50 {
        values.count("hostname", &format!("host-{number}"));
    }
    settings.values = Arc::new(OnceLock::from(values));
    settings
}

fn labels(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().into_iter().flatten().filter_map(|it| it["label"].as_str()).collect()
}

#[test]
fn completion_offers_what_may_stand_there() {
    // The text, what must be offered, what must not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("SELECT |", &["username", "EventID", "LOWER", "CASE"], &["root"]),
        ("SELECT user|", &["username", "UTF8"], &[]),
        ("SELECT \"Bad|", &["Badge Number", "username"], &["LOWER", "CASE"]),
        ("SELECT a FROM |", &["events", "flows"], &["username", "SELECT"]),
        ("SELECT LOWER(username) AS who FROM events WHERE |", &["who", "Badge Number"], &[]),
        ("SELECT username AS |", &[], &["username"]),
        ("SELECT sourcebytes FROM flows WHERE |", &["sourcebytes"], &["ParentProcessPath"]),
        (
            "SELECT a FROM events WHERE LOGSOURCETYPENAME(devicetype) = '|",
            &["Microsoft Windows Security Event Log"],
            &["username"],
        ),
        (
            "SELECT a FROM events WHERE LOGSOURCETYPENAME(devicetype) = |",
            &["Microsoft Windows Security Event Log"],
            &[],
        ),
        ("SELECT a FROM events WHERE devicetype IN (11, |)", &["12"], &[]),
        ("SELECT a FROM events WHERE EventID = |", &["7045", "4688"], &[]),
        ("SELECT a FROM events WHERE qideventcategory = '|'", &["Security", "System"], &[]),
        ("SELECT a FROM events WHERE CATEGORYNAME(category) = '|", &["Recon"], &[]),
        ("SELECT a FROM events WHERE REFERENCESETCONTAINS('|", &["Admin hosts"], &["username"]),
        ("SELECT a FROM events WHERE username ILIKE '|", &["root", "o'hara"], &["username"]),
        ("SELECT a FROM events WHERE \"Badge Number\" = |", &["12"], &[]),
        ("SELECT a FROM events LAST 5 |", &["HOURS", "MINUTES"], &["username"]),
        ("SELECT a FROM events -- allow: |", &["and-or-without-parentheses"], &["username"]),
        ("SELECT a FROM events -- |", &[], &["username", "SELECT"]),
        ("SELECT a FROM events WHERE a = 'x' |", &["AND", "ORDER BY", "LAST"], &[]),
    ];
    let mut editor = Editor::start_with(rich_settings());
    for (text, offered, absent) in cases {
        let answer = editor.at_mark(QUERY, text, "textDocument/completion", &json!({})).expect("an answer");
        let labels = labels(&answer);
        for label in *offered {
            assert!(labels.contains(label), "{text}: no {label} in {labels:?}");
        }
        for label in *absent {
            assert!(!labels.contains(label), "{text}: {label}");
        }
    }
    let text = "SELECT a FROM events WHERE hostname = '|";
    let answer = editor.at_mark(QUERY, text, "textDocument/completion", &json!({})).expect("an answer");
    assert_eq!(labels(&answer).len(), SHOWN_MAX, "values are bounded");
    // In a page only within its queries.
    let page = "---\nid: |x\n---\n```aql\nSELECT \n```\n";
    let answer = editor.at_mark(PAGE, page, "textDocument/completion", &json!({})).expect("an answer");
    assert_eq!(answer, json!([]));
    editor.end();
}

#[test]
fn completion_writes_what_is_chosen() {
    // The text, the element chosen, the text then.
    let cases = [
        ("SELECT user|na FROM events", "username", "SELECT username FROM events"),
        ("SELECT Badge| FROM events", "Badge Number", "SELECT \"Badge Number\" FROM events"),
        ("SELECT \"Bad|", "Badge Number", "SELECT \"Badge Number\""),
        ("SELECT low|(x)", "LOWER", "SELECT LOWER(x)"),
        ("SELECT a FROM events WHERE username = '|", "o'hara", "SELECT a FROM events WHERE username = 'o''hara'"),
        (
            "SELECT a FROM events WHERE username = 'x|y' AND b",
            "root",
            "SELECT a FROM events WHERE username = 'root' AND b",
        ),
        ("SELECT a FROM events WHERE username = ro|", "root", "SELECT a FROM events WHERE username = 'root'"),
        ("SELECT a FROM events WHERE devicetype = 1|", "12", "SELECT a FROM events WHERE devicetype = 12"),
        ("SELECT a FROM events ORD|", "ORDER BY", "SELECT a FROM events ORDER BY"),
    ];
    let mut editor = Editor::start_with(rich_settings());
    for (text, chosen, expected) in cases {
        let answer = editor.at_mark(QUERY, text, "textDocument/completion", &json!({})).expect("an answer");
        let items = answer["items"].as_array().expect("a list");
        let item = items.iter().find(|it| it["label"] == chosen).unwrap_or_else(|| panic!("{text}: no {chosen}"));
        assert_eq!(edited(&text.replacen('|', "", 1), &json!([item["textEdit"]])), expected);
    }
    editor.end();
}

#[test]
fn hover_tells_what_the_catalogues_know() {
    // The text, what is told, the word it is told of; nothing is told where that is empty.
    let cases = [
        ("SELECT LO|WER(username)", "LOWER(text)", "LOWER"),
        ("SELECT GEO::LOOK|UP(sourceip)", "GEO::LOOKUP(", "LOOKUP"),
        ("SELECT user|name FROM events", "text", "username"),
        ("SELECT \"Badge N|umber\" FROM events", "integer", "\"Badge Number\""),
        ("SELECT LOWER(username) AS w FROM events WHERE |w = 'x'", "LOWER(username)", "w"),
        ("SELECT a FROM events WHERE devicetype = 1|2", "Microsoft Windows Security Event Log", "12"),
        ("SELECT a FROM events WHERE LOGSOURCETYPENAME(devicetype) = 'Linux| OS'", "devicetype 11", "'Linux OS'"),
        ("SELECT a FROM events WHERE EventID IN (1, 7|045)", "System (Service Control Manager)", "7045"),
        ("SELECT a FROM events WHERE username = 'ro|ot'", "3 times", "'root'"),
        ("SELECT a FROM events -- allow: any-pat|tern", "What it does", "any-pattern"),
        ("SELECT a FROM events WHERE 5 = |6", "", ""),
        ("SEL|ECT a FROM events", "", ""),
        ("SELECT a |  FROM events", "", ""),
    ];
    let mut editor = Editor::start_with(rich_settings());
    for (marked, told, word) in cases {
        let answer = editor.at_mark(QUERY, marked, "textDocument/hover", &json!({})).expect("an answer");
        let text = marked.replacen('|', "", 1);
        if word.is_empty() {
            assert_eq!(answer, Value::Null, "{marked}");
            continue;
        }
        let contents = answer["contents"]["value"].as_str().unwrap_or_else(|| panic!("{marked}: nothing"));
        assert!(contents.contains(told), "{marked}: {contents}");
        assert_eq!(covered(&text, &answer["range"]), word);
    }
    editor.end();
}

#[test]
fn formatting_is_that_of_fmt() {
    let cases = [
        (
            QUERY,
            "select lower(a) from events -- é😀\nlast 1 hours",
            "SELECT LOWER(a)\nFROM events -- é😀\nLAST 1 HOURS\n",
        ),
        (QUERY, "select a frm events", "select a frm events"),
        (PAGE, "* x  \n\n```aql\nselect a from events\n```\n", "* x  \n\n```aql\nSELECT a\nFROM events\n```\n"),
    ];
    let mut editor = Editor::start();
    for (uri, text, expected) in cases {
        editor.open(uri, text);
        let params = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": true } });
        let edits = editor.request("textDocument/formatting", params).expect("an answer");
        assert_eq!(edited(text, &edits), expected);
    }
    editor.end();
}

/// The actions at a place: title, whether it is preferred, the text then.
fn actions(editor: &mut Editor, text: &str, offset: usize, only: &Value) -> Vec<(String, Value, String)> {
    editor.open(QUERY, text);
    let place = position(text, offset);
    let range = json!({ "start": place, "end": place });
    let params =
        json!({ "textDocument": { "uri": QUERY }, "range": range, "context": { "diagnostics": [], "only": only } });
    let answer = editor.request("textDocument/codeAction", params).expect("an answer");
    let action = |it: &Value| {
        let title = it["title"].as_str().expect("a title").to_owned();
        (title, it["isPreferred"].clone(), edited(text, &it["edit"]["changes"][QUERY]))
    };
    answer.as_array().expect("a list").iter().map(action).collect()
}

#[test]
fn fixes_are_offered_where_they_apply() {
    let mut editor = Editor::start();
    let text = "SELECT a, FROM events WHERE username = “x” LAST 1 HOURS";
    let found = actions(&mut editor, text, text.find(", FROM").expect("it is there"), &json!(["quickfix"]));
    assert_eq!(found[0].1, true, "a safe fix is the preferred one: {found:?}");
    assert_eq!(found[0].2, text.replace(", FROM", " FROM"));
    let all = actions(&mut editor, text, 0, &json!(["source.fixAll"]));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].2, text.replace(", FROM", " FROM").replace(['“', '”'], "\""));

    let text = "SELECT username FROM events WHERE sourcadress = 'a' LAST 1 HOURS";
    let found = actions(&mut editor, text, text.find("sourcadress").expect("it is there"), &Value::Null);
    let guess = found.iter().find(|it| it.2.contains("sourceaddress")).unwrap_or_else(|| panic!("{found:?}"));
    assert!(guess.0.contains("may change results"), "{found:?}");

    // A lint can be silenced on its line.
    let text = "SELECT qid FROM events\nWHERE qid = 1 AND username = 'a' OR username = 'b'\nLAST 1 HOURS";
    let found = actions(&mut editor, text, text.find("AND").expect("it is there"), &Value::Null);
    let allow = found.iter().find(|it| it.0.starts_with("allow")).unwrap_or_else(|| panic!("{found:?}"));
    assert!(allow.2.contains("'b' -- allow: and-or-without-parentheses\nLAST"), "{}", allow.2);
    assert!(actions(&mut editor, &allow.2, text.find("AND").expect("it is there"), &Value::Null).is_empty());
    editor.end();
}

#[test]
fn aliases_are_found_and_renamed() {
    let query = "SELECT LOWER(username) AS who FROM events WHERE who = 'a' GROUP BY |who ORDER BY \"who\" LAST 1 HOURS";
    let text = query.replacen('|', "", 1);
    let mut editor = Editor::start();
    let found = editor.at_mark(QUERY, query, "textDocument/definition", &json!({})).expect("an answer");
    assert_eq!(found["range"]["start"], position(&text, text.find("who").expect("it is there")));
    let context = json!({ "context": { "includeDeclaration": true } });
    let found = editor.at_mark(QUERY, query, "textDocument/references", &context).expect("an answer");
    assert_eq!(found.as_array().map(Vec::len), Some(4));
    let field = "SELECT |username FROM events";
    assert_eq!(editor.at_mark(QUERY, field, "textDocument/definition", &json!({})), Ok(Value::Null));
    assert_eq!(editor.at_mark(QUERY, field, "textDocument/prepareRename", &json!({})), Ok(Value::Null));

    // The new name, the text then; or the reason of the refusal.
    let cases = [
        ("account", Ok(text.replace("\"who\"", "account").replace("who", "account"))),
        ("the account", Ok(text.replace("\"who\"", "\"the account\"").replace("who", "\"the account\""))),
        ("select", Ok(text.replace("\"who\"", "\"select\"").replace("who", "\"select\""))),
        ("qid", Err("a field has this name, and would go before the alias")),
        (" ", Err("a name is one line of text")),
    ];
    for (name, expected) in cases {
        let answer = editor.at_mark(QUERY, query, "textDocument/rename", &json!({ "newName": name }));
        let answer = answer.map(|it| edited(&text, &it["changes"][QUERY])).map_err(|it| it.1);
        assert_eq!(answer, expected.map_err(str::to_owned));
    }
    let page =
        "---\nscore: n\n---\n## Query\n```aql\nSELECT 5 AS |n FROM events\n```\n\n```json attack \"x\" n=5\n{}\n```\n";
    let answer = editor.at_mark(PAGE, page, "textDocument/rename", &json!({ "newName": "risk" })).expect("an answer");
    let expected = page
        .replacen('|', "", 1)
        .replace("score: n", "score: risk")
        .replace("AS n", "AS risk")
        .replace("n=5", "risk=5");
    assert_eq!(edited(&page.replacen('|', "", 1), &answer["changes"][PAGE]), expected);
    editor.end();
}

#[test]
fn tokens_symbols_and_signatures() {
    let mut editor = Editor::start();
    let text = "x 😀\n\n```aql\nSELECT '😀', LOWER(a) AS \"n\" /* two\nlines */\nFROM events\n```\n";
    editor.open(PAGE, text);
    let document = json!({ "textDocument": { "uri": PAGE } });
    let answer = editor.request("textDocument/semanticTokens/full", document.clone()).expect("an answer");
    let numbers: Vec<u64> = answer["data"].as_array().expect("numbers").iter().filter_map(Value::as_u64).collect();
    let (mut line, mut character) = (0, 0);
    let mut tokens = Vec::new();
    for token in numbers.chunks(5) {
        character = if token[0] == 0 { character + token[1] } else { token[1] };
        line += token[0];
        let end = json!({ "line": line, "character": character + token[2] });
        tokens
            .push((covered(text, &json!({ "start": { "line": line, "character": character }, "end": end })), token[3]));
    }
    let expected = [
        ("SELECT", 0),
        ("'😀'", 3),
        ("LOWER", 1),
        ("a", 2),
        ("AS", 0),
        ("\"n\"", 2),
        ("/* two", 5),
        ("lines */", 5),
        ("FROM", 0),
        ("events", 2),
    ];
    assert_eq!(tokens, expected);

    let answer = editor.request("textDocument/documentSymbol", document).expect("an answer");
    assert_eq!((&answer[0]["name"], &answer[0]["children"][0]["name"]), (&json!("query on events"), &json!("n")));
    assert_eq!(covered(text, &answer[0]["children"][0]["selectionRange"]), "\"n\"");

    for (marked, label, active) in [
        ("SELECT SUBSTRING(a, |", "SUBSTRING(", json!(1)),
        ("SELECT CONCAT(a, b, (c + |", "CONCAT(", json!(0)),
        ("SELECT (a |", "", Value::Null),
    ] {
        let answer = editor.at_mark(QUERY, marked, "textDocument/signatureHelp", &json!({})).expect("an answer");
        let shown = answer["signatures"][0]["label"].as_str().unwrap_or_default();
        assert!(shown.starts_with(label) && shown.is_empty() == label.is_empty(), "{marked}: {answer}");
        assert_eq!(answer.get("activeParameter").cloned().unwrap_or_default(), active, "{marked}");
    }
    editor.end();
}
