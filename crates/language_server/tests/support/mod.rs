//! An editor for tests: it starts the server in a thread and speaks the protocol with it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::thread::JoinHandle;
use std::time::Duration;

use language_server::{Connection, Ended, Message, Notification, Request, Settings, serve};
use serde_json::{Value, json};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const QUERY: &str = "file:///query.aql";
pub(crate) const PAGE: &str = "file:///page.md";

pub(crate) struct Editor {
    connection: Connection,
    server: Option<JoinHandle<Ended>>,
    last_id: i32,
}

pub(crate) fn settings() -> Settings {
    Settings::new(aql::Options::new(aql::Environment::new(0)))
}

impl Editor {
    pub(crate) fn start() -> Self {
        Self::start_with(settings())
    }

    pub(crate) fn start_with(settings: Settings) -> Self {
        let (connection, other) = Connection::memory();
        let server = std::thread::spawn(move || serve(&other, settings).expect("the protocol is kept"));
        let mut editor = Self { connection, server: Some(server), last_id: 0 };
        let answer = editor.request("initialize", json!({ "capabilities": {} })).expect("it starts");
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.notify("initialized", json!({}));
        editor
    }

    /// Ends the session in due form.
    pub(crate) fn end(mut self) {
        self.request("shutdown", Value::Null).expect("it ends");
        self.notify("exit", Value::Null);
        let ended = self.server.take().expect("it runs").join().expect("it does not panic");
        assert_eq!(ended, Ended::AfterShutdown);
    }

    pub(crate) fn notify(&self, method: &str, params: Value) {
        let notification = Notification { method: method.to_owned(), params };
        self.connection.sender.send(notification.into()).expect("the server listens");
    }

    /// The answer to a request, or the code and message of its refusal.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        self.last_id += 1;
        let request = Request { id: self.last_id.into(), method: method.to_owned(), params };
        self.connection.sender.send(request.into()).expect("the server listens");
        loop {
            if let Message::Response(response) = self.receive() {
                assert_eq!(response.id, self.last_id.into());
                return response.response_result.map_err(|it| (it.code, it.message));
            }
        }
    }

    fn receive(&self) -> Message {
        self.connection.receiver.recv_timeout(PATIENCE).expect("the server answers")
    }

    pub(crate) fn open(&self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// The next diagnostics, of whatever document.
    pub(crate) fn diagnostics(&self) -> Value {
        loop {
            if let Message::Notification(it) = self.receive()
                && it.method == "textDocument/publishDiagnostics"
            {
                return it.params;
            }
        }
    }

    /// Opens the text without its mark `|` and asks at that place.
    pub(crate) fn at_mark(
        &mut self,
        uri: &str,
        marked: &str,
        method: &str,
        more: &Value,
    ) -> Result<Value, (i32, String)> {
        let offset = marked.find('|').expect("a place is marked");
        let text = marked.replacen('|', "", 1);
        self.open(uri, &text);
        let mut params = json!({ "textDocument": { "uri": uri }, "position": position(&text, offset) });
        params.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        self.request(method, params)
    }
}

/// Line and UTF-16 unit of a byte.
pub(crate) fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    json!({ "line": before.matches('\n').count(), "character": before[line..].encode_utf16().count() })
}

/// The byte of a place.
pub(crate) fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().expect("a line") as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = position["character"].as_u64().expect("a character") as usize;
    let mut end = start;
    for character in text[start..].chars() {
        if units == 0 {
            break;
        }
        units -= character.len_utf16();
        end += character.len_utf8();
    }
    end
}

/// The text that a range covers.
pub(crate) fn covered<'t>(text: &'t str, range: &Value) -> &'t str {
    &text[offset(text, &range["start"])..offset(text, &range["end"])]
}

/// The text after edits.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    let edits = edits.as_array().expect("a list of edits");
    let mut edits: Vec<_> = edits
        .iter()
        .map(|it| (offset(text, &it["range"]["start"]), offset(text, &it["range"]["end"]), &it["newText"]))
        .collect();
    edits.sort_by_key(|it| std::cmp::Reverse(it.0));
    let mut text = text.to_owned();
    for (start, end, new) in edits {
        text.replace_range(start..end, new.as_str().expect("a text"));
    }
    text
}
