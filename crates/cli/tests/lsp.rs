//! `prospero lsp` over its standard input and output: framing, settings, values of logs.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use support::{file, folder, installed, log};

/// How often values of logs are asked for before they must have been read.
const ASKED_MAX: usize = 20_000;

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prospero"))
            .arg("lsp")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut server = Self { child, input, output };
        server.send(&json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
        assert_eq!(server.receive()["result"]["serverInfo"]["name"], "prospero");
        server.send(&json!({ "method": "initialized", "params": {} }));
        server
    }

    fn send(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server listens");
        self.input.flush().expect("the server listens");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("the server writes lines");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(digits) => length = digits.parse().expect("a number"),
                None => break,
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("the server writes what it announces");
        serde_json::from_slice(&bytes).expect("messages are JSON")
    }

    fn open(&mut self, text: &str) {
        let document = json!({ "uri": "file:///a.aql", "languageId": "aql", "version": 1, "text": text });
        self.send(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    }

    fn end(mut self) -> Option<i32> {
        self.send(&json!({ "id": 9, "method": "shutdown" }));
        while self.receive()["id"] != 9 {}
        self.send(&json!({ "method": "exit" }));
        self.child.wait().expect("it ends").code()
    }
}

#[test]
fn values_of_logs_are_offered_and_levels_hold() {
    let folder = folder("lsp");
    let logs = file(&folder, "log.json", &log(&[installed(1, "host-1", "OddService", "C:\\odd.exe")]));
    file(&folder, "prospero.toml", "[check.levels]\nand-or-without-parentheses = \"error\"\n");
    let mut server = Server::start(&folder, &["--data", &logs]);
    let text = "SELECT qid FROM events WHERE qid = 1 AND username = 'a' OR ServiceName = '";
    server.open(&format!("{text}x' LAST 1 HOURS"));
    let said = server.receive();
    let diagnostics = said["params"]["diagnostics"].as_array().expect("a list");
    let lint = diagnostics.iter().find(|it| it["code"] == "and-or-without-parentheses").expect("it is found");
    assert_eq!(lint["severity"], 1, "by prospero.toml it is an error");

    let place =
        json!({ "textDocument": { "uri": "file:///a.aql" }, "position": { "line": 0, "character": text.len() } });
    let offered = (0..ASKED_MAX).any(|_| {
        server.send(&json!({ "id": 2, "method": "textDocument/completion", "params": place }));
        let answer = server.receive();
        let items = answer["result"]["items"].as_array().cloned().unwrap_or_default();
        items.iter().any(|it| it["label"] == "OddService" && it["textEdit"]["newText"] == "'OddService'")
    });
    assert!(offered);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn an_editor_that_goes_away_is_no_good_end() {
    let server = Server::start(&folder("lsp-gone"), &["--stdio", "--settings", "none"]);
    let Server { mut child, input, .. } = server;
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
