// The real server over its standard input and output, spoken to with the protocol library of the client.
// PROSPERO names the program.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const test = require("node:test");
const {
  CompletionRequest, createProtocolConnection, DidOpenTextDocumentNotification, DocumentFormattingRequest, ExitNotification,
  HoverRequest, InitializedNotification, InitializeRequest, PublishDiagnosticsNotification, ShutdownRequest,
  StreamMessageReader, StreamMessageWriter,
} = require("vscode-languageserver-protocol/node");

const PROSPERO = process.env.PROSPERO;

/** Runs a session with a fresh server; gives its exit code. */
async function session(talk) {
  const server = spawn(PROSPERO, ["lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.listen();
  try {
    await connection.sendRequest(InitializeRequest.type, { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification(InitializedNotification.type, {});
    await talk(connection);
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
  } catch (error) {
    server.kill();
    throw error;
  }
  return ended;
}

/** Opens a text; gives what is said about it. */
function open(connection, uri, languageId, text) {
  const said = new Promise((resolve) => connection.onNotification(PublishDiagnosticsNotification.type, resolve));
  connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
  return said;
}

test("the server checks, completes, explains and formats", { timeout: 60_000 }, async () => {
  assert.ok(PROSPERO, "PROSPERO names the program");
  const uri = "file:///a.aql";
  const textDocument = { uri };
  const code = await session(async (connection) => {
    const { diagnostics } = await open(connection, uri, "aql", "select lowr(username) from events last 1 hours");
    const error = diagnostics.find((it) => it.code === "unknown-function");
    assert.deepEqual(error?.range, { start: { line: 0, character: 7 }, end: { line: 0, character: 11 } });

    const position = { line: 0, character: 10 };
    const { items } = await connection.sendRequest(CompletionRequest.type, { textDocument, position });
    assert.ok(items.some((it) => it.label === "LOWER" && it.textEdit.newText === "LOWER"));

    const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 0, character: 13 } });
    assert.match(hover.contents.value, /`username`: text/);

    const options = { tabSize: 2, insertSpaces: true };
    const edits = await connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options });
    assert.equal(edits.length, 1);
    assert.match(edits[0].newText, /\nFROM events\nLAST 1 HOURS\n$/);
  });
  assert.equal(code, 0);
});

test("queries of pages are checked at their places", { timeout: 60_000 }, async () => {
  const page = "---\nid: a\n---\n\n## Query\n\n```aql\nSELECT a FROM evnts\n```\n";
  const code = await session(async (connection) => {
    const { diagnostics } = await open(connection, "file:///page.md", "markdown", page);
    assert.ok(diagnostics.some((it) => it.range.start.line === 7 && it.range.start.character === 14));
  });
  assert.equal(code, 0);
});
