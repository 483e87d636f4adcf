//! The loop: messages in their order, diagnostics when none waits, cancelled requests not answered in vain.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::diagnostics::{diagnose, to_json};
use crate::document::Document;
use crate::protocol::{ChangeParams, DocumentParams, OpenParams};
use crate::settings::Settings;
use crate::{actions, completion, formatting, highlight, hover, navigation, signature, symbols};

/// How long no message may come before diagnostics are made.
pub const DIAGNOSTICS_PAUSE: Duration = Duration::from_millis(150);

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The editor asked for it in due form.
    AfterShutdown,
    /// The editor went away.
    WithoutShutdown,
}

/// Why a request is not answered: code and reason.
pub(crate) type Refusal = (ErrorCode, String);

/// What answers a request.
type Handler = fn(&State, Value) -> Result<Value, Refusal>;

/// The requests that are answered.
const REQUESTS: &[(&str, Handler)] = &[
    ("textDocument/codeAction", actions::answer),
    ("textDocument/completion", completion::answer),
    ("textDocument/definition", navigation::definition),
    ("textDocument/documentSymbol", symbols::answer),
    ("textDocument/formatting", formatting::answer),
    ("textDocument/hover", hover::answer),
    ("textDocument/prepareRename", navigation::prepare_rename),
    ("textDocument/references", navigation::references),
    ("textDocument/rename", navigation::rename),
    ("textDocument/semanticTokens/full", highlight::answer),
    ("textDocument/signatureHelp", signature::answer),
];

/// What the server says that it can.
fn capabilities() -> Value {
    json!({
        "positionEncoding": "utf-16",
        "textDocumentSync": { "openClose": true, "change": 2 },
        "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
        "completionProvider": { "triggerCharacters": ["'", "\"", "("] },
        "definitionProvider": true,
        "documentFormattingProvider": true,
        "documentSymbolProvider": true,
        "hoverProvider": true,
        "referencesProvider": true,
        "renameProvider": { "prepareProvider": true },
        "semanticTokensProvider": { "legend": { "tokenTypes": highlight::TYPES, "tokenModifiers": [] }, "full": true },
        "signatureHelpProvider": { "triggerCharacters": ["(", ","] },
    })
}

/// Serves an editor until it ends the session.
pub fn serve(connection: &Connection, settings: Settings) -> Result<Ended, ProtocolError> {
    let (id, parameters) = connection.initialize_start()?;
    let snippets = "/capabilities/textDocument/completion/completionItem/snippetSupport";
    let snippets = parameters.pointer(snippets).and_then(Value::as_bool).unwrap_or_default();
    let information = json!({ "name": "prospero", "version": env!("CARGO_PKG_VERSION") });
    let result = json!({ "capabilities": capabilities(), "serverInfo": information });
    // An editor that went away is noticed when the next message is awaited.
    let _ = connection.sender.send(Response::new_ok(id, result).into());
    let state = State { settings, documents: HashMap::new(), snippets };
    let server = Server { connection, state, waiting: VecDeque::new(), changed: HashSet::new(), is_ending: false };
    Ok(server.run())
}

/// What requests are answered from.
pub(crate) struct State {
    pub(crate) settings: Settings,
    documents: HashMap<String, Document>,
    /// Whether the editor takes snippets.
    pub(crate) snippets: bool,
}

impl State {
    pub(crate) fn document(&self, uri: &str) -> Result<&Document, Refusal> {
        self.documents.get(uri).ok_or_else(|| (ErrorCode::InvalidParams, format!("`{uri}` is not open")))
    }
}

/// The parameters of a message.
pub(crate) fn parameters<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|it| (ErrorCode::InvalidParams, it.to_string()))
}

struct Server<'a> {
    connection: &'a Connection,
    state: State,
    /// Messages that were received and not yet looked at.
    waiting: VecDeque<Message>,
    /// Documents about which something is to be said anew.
    changed: HashSet<String>,
    is_ending: bool,
}

impl Server<'_> {
    fn run(mut self) -> Ended {
        while let Some(message) = self.next() {
            match message {
                Message::Request(request) => self.request(request),
                Message::Notification(notification) if notification.method == "exit" => break,
                Message::Notification(notification) => self.notification(notification),
                Message::Response(_) => {}
            }
        }
        if self.is_ending { Ended::AfterShutdown } else { Ended::WithoutShutdown }
    }

    /// The next message; diagnostics are made while none comes. None when the editor went away.
    fn next(&mut self) -> Option<Message> {
        if self.waiting.is_empty() && !self.changed.is_empty() {
            match self.connection.receiver.recv_timeout(DIAGNOSTICS_PAUSE) {
                Ok(message) => self.waiting.push_back(message),
                Err(_) => self.publish(),
            }
        }
        if self.waiting.is_empty() {
            self.waiting.push_back(self.connection.receiver.recv().ok()?);
        }
        self.waiting.extend(self.connection.receiver.try_iter());
        self.waiting.pop_front()
    }

    /// Whether a cancellation of the request waits already.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.waiting.iter().any(|message| match message {
            Message::Notification(it) if it.method == "$/cancelRequest" => {
                it.params.get("id").is_some_and(|it| serde_json::to_value(id).is_ok_and(|id| *it == id))
            }
            _ => false,
        })
    }

    fn send(&self, message: impl Into<Message>) {
        // An editor that went away is noticed when the next message is awaited.
        let _ = self.connection.sender.send(message.into());
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if method == "shutdown" {
            self.is_ending = true;
            return self.send(Response::new_ok(id, Value::Null));
        }
        let answer = if self.is_ending {
            Err((ErrorCode::InvalidRequest, "the server is shutting down".to_owned()))
        } else if self.is_cancelled(&id) {
            Err((ErrorCode::RequestCanceled, "cancelled".to_owned()))
        } else {
            self.answer(&method, params)
        };
        self.send(match answer {
            Ok(answer) => Response::new_ok(id, answer),
            Err((code, reason)) => Response::new_err(id, code as i32, reason),
        });
    }

    /// A fault of the program ends the one request, not the session.
    fn answer(&self, method: &str, params: Value) -> Result<Value, Refusal> {
        let Some((_, handler)) = REQUESTS.iter().find(|it| it.0 == method) else {
            return Err((ErrorCode::MethodNotFound, format!("`{method}` is not supported")));
        };
        catch_unwind(AssertUnwindSafe(|| handler(&self.state, params)))
            .unwrap_or_else(|_| Err((ErrorCode::InternalError, format!("`{method}` failed, by a fault of prospero"))))
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        // A notification has no answer: what cannot be understood is passed over.
        let _ = match method.as_str() {
            "textDocument/didOpen" => parameters(params).map(|it| self.open(it)),
            "textDocument/didChange" => parameters(params).map(|it| self.change(it)),
            "textDocument/didClose" => parameters(params).map(|it| self.close(&it)),
            _ => Ok(()),
        };
    }

    fn open(&mut self, params: OpenParams) {
        let opened = params.text_document;
        let document = Document::new(opened.uri.clone(), &opened.language_id, opened.version, opened.text);
        self.state.documents.insert(opened.uri.clone(), document);
        self.changed.insert(opened.uri);
    }

    fn change(&mut self, params: ChangeParams) {
        let changed = params.text_document;
        if let Some(document) = self.state.documents.get_mut(&changed.uri) {
            document.change(changed.version, params.content_changes);
            self.changed.insert(changed.uri);
        }
    }

    fn close(&mut self, params: &DocumentParams) {
        let uri = &params.text_document.uri;
        self.state.documents.remove(uri);
        self.changed.remove(uri);
        self.publish_of(uri, None, &[]);
    }

    /// Says what is wrong with the documents that changed.
    fn publish(&mut self) {
        for uri in std::mem::take(&mut self.changed) {
            let Some(document) = self.state.documents.get(&uri) else { continue };
            let said = catch_unwind(AssertUnwindSafe(|| {
                let said = diagnose(document, &self.state.settings);
                said.iter().map(|it| to_json(document, it)).collect::<Vec<_>>()
            }));
            self.publish_of(&uri, Some(document.version), &said.unwrap_or_default());
        }
    }

    fn publish_of(&self, uri: &str, version: Option<i64>, diagnostics: &[Value]) {
        let params = json!({ "uri": uri, "version": version, "diagnostics": diagnostics });
        self.send(Notification { method: "textDocument/publishDiagnostics".to_owned(), params });
    }
}
