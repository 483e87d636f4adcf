//! A session: beginning and end, texts and their changes, diagnostics, what cannot be done.

mod support;

use language_server::{Connection, Ended, Message, Notification, Request, serve};
use serde_json::{Value, json};

use support::{Editor, PAGE, QUERY, covered, settings};

#[test]
fn diagnostics_follow_the_text() {
    let editor = Editor::start();
    let text = "SELECT '😀', LOWE(username) FROM events LAST 1 HOURS";
    editor.open(QUERY, text);
    let said = editor.diagnostics();
    assert_eq!((&said["uri"], &said["version"]), (&json!(QUERY), &json!(1)));
    let diagnostics = said["diagnostics"].as_array().expect("a list");
    let error = diagnostics.iter().find(|it| it["severity"] == 1).expect("there is an error");
    assert_eq!((&error["code"], &error["source"]), (&json!("unknown-function"), &json!("prospero")));
    assert_eq!(covered(text, &error["range"]), "LOWE");

    // One character mends it.
    let place = json!({ "line": 0, "character": 17 });
    let change = json!({ "range": { "start": place, "end": place }, "text": "R" });
    let changed = json!({ "textDocument": { "uri": QUERY, "version": 2 }, "contentChanges": [change] });
    editor.notify("textDocument/didChange", changed);
    let said = editor.diagnostics();
    assert_eq!(said["version"], 2);
    assert!(said["diagnostics"].as_array().expect("a list").iter().all(|it| it["severity"] != 1), "{said}");

    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": QUERY } }));
    assert_eq!(editor.diagnostics()["diagnostics"], json!([]));
    editor.end();
}

#[test]
fn places_in_pages_are_those_of_the_page() {
    let editor = Editor::start();
    let text = "---\nid: x\n---\n\nDescription 😀.\n\n## Query\n\n```aql\nSELECT nothing_known FROM evnts\n```\n";
    editor.open(PAGE, text);
    let said = editor.diagnostics();
    let diagnostics = said["diagnostics"].as_array().expect("a list");
    let of_query = diagnostics.iter().find(|it| covered(text, &it["range"]) == "evnts");
    assert!(of_query.is_some(), "{said}");
    assert!(diagnostics.iter().any(|it| it["code"] == "missing-key"), "the front matter is checked too: {said}");
    // Markdown that is no detection page has no faults.
    editor.open("file:///notes.md", "# Notes\n\n```aql\nSELECT x FROM evnts\n```\n");
    assert_eq!(editor.diagnostics()["diagnostics"], json!([]));
    editor.end();
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut editor = Editor::start();
    let codes: Vec<i32> = [
        (
            "textDocument/hover",
            json!({ "textDocument": { "uri": "file:///unknown" }, "position": { "line": 0, "character": 0 } }),
        ),
        ("textDocument/hover", json!({ "textDocument": 5 })),
        ("textDocument/fly", json!({})),
    ]
    .into_iter()
    .map(|(method, params)| editor.request(method, params).expect_err("it is refused").0)
    .collect();
    assert_eq!(codes, [-32602, -32602, -32601]);
    // What cannot be understood is passed over.
    editor.notify("textDocument/didOpen", json!({ "textDocument": 5 }));
    editor.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///unknown", "version": 1 }, "contentChanges": [] }),
    );
    editor.request("shutdown", Value::Null).expect("it ends");
    assert_eq!(editor.request("textDocument/hover", json!({})).expect_err("it is ending").0, -32600);
    editor.end();
}

#[test]
fn cancelled_requests_are_not_answered() {
    let (editor, server) = Connection::memory();
    let request = |id: i32, method: &str| Request {
        id: id.into(),
        method: method.to_owned(),
        params: json!({ "capabilities": {} }),
    };
    let notification = |method: &str, params| Notification { method: method.to_owned(), params };
    let messages: [Message; 6] = [
        request(1, "initialize").into(),
        notification("initialized", json!({})).into(),
        request(2, "textDocument/hover").into(),
        notification("$/cancelRequest", json!({ "id": 2 })).into(),
        request(3, "shutdown").into(),
        notification("exit", Value::Null).into(),
    ];
    for message in messages {
        editor.sender.send(message).expect("the server is there");
    }
    assert_eq!(serve(&server, settings()).expect("the protocol is kept"), Ended::AfterShutdown);
    drop(server);
    let codes = editor.receiver.iter().filter_map(|it| match it {
        Message::Response(it) => Some(it.response_result.err().map(|it| it.code)),
        _ => None,
    });
    assert_eq!(codes.collect::<Vec<_>>(), [None, Some(-32800), None]);
}

#[test]
fn an_editor_that_goes_away_ends_the_session() {
    let (editor, server) = Connection::memory();
    let initialize = Request { id: 1.into(), method: "initialize".to_owned(), params: json!({ "capabilities": {} }) };
    editor.sender.send(initialize.into()).expect("the server is there");
    let initialized = Notification { method: "initialized".to_owned(), params: json!({}) };
    editor.sender.send(initialized.into()).expect("the server is there");
    drop(editor);
    assert_eq!(serve(&server, settings()).expect("the protocol is kept"), Ended::WithoutShutdown);
}

/// Everything that can be asked at a place, at the end of each beginning of a text: nothing fails, whatever stands there.
#[test]
fn unfinished_texts_are_no_trouble() {
    let query = "SELECT LOWER(\"Process Name\") AS 'n', CASE WHEN EventID IN (1, 'é😀') THEN -- allow: x\n f(x, GEO::LOOKUP(y)) END\n\
                 FROM (SELECT * FROM events) WHERE a ILIKE ANY ('x', 'y') /* c */ GROUP BY n LAST 5 HOURS";
    let page = format!("---\nid: a\n---\n## Query\n```aql\n{query}\n```\n");
    let mut editor = Editor::start();
    let methods = ["completion", "hover", "definition", "references", "prepareRename", "signatureHelp", "rename"];
    let whole = ["formatting", "semanticTokens/full", "documentSymbol"];
    for (uri, text, step) in [(QUERY, query, 1), (PAGE, page.as_str(), 5)] {
        for (end, _) in text.char_indices().step_by(step) {
            let part = &text[..end];
            let mut ask = |method: &str, params: &Value| {
                let answer = editor.at_mark(uri, &format!("{part}|"), &format!("textDocument/{method}"), params);
                assert!(answer.as_ref().err().is_none_or(|it| it.0 == -32803), "{method} in {part}: {answer:?}");
            };
            for method in methods {
                ask(method, &json!({ "newName": "new name" }));
            }
            if end % 7 == 0 {
                for method in whole {
                    ask(method, &json!({}));
                }
                let place = json!({ "line": 0, "character": 0 });
                ask(
                    "codeAction",
                    &json!({ "range": { "start": place, "end": place }, "context": { "diagnostics": [] } }),
                );
            }
        }
    }
    editor.end();
}
