// The built extension, loaded with a stand-in for the editor: it starts the program of the settings, and says it when
// that cannot be started. The editor itself is no package of a registry, so it is not run here.
"use strict";

const assert = require("node:assert/strict");
const Module = require("node:module");
const test = require("node:test");

const messages = [];
const commands = new Map();

/** Answers every question about the editor with a stand-in that can be called, made and asked again. */
function anything() {
  return new Proxy(function () {}, {
    get: (target, name) => (name === Symbol.toPrimitive ? () => "" : name === "prototype" ? target.prototype : name === "then" ? undefined : anything()),
    apply: () => anything(),
    construct: () => anything(),
  });
}

const editor = new Proxy({
  version: "1.100.0",
  commands: { registerCommand: (name, run) => (commands.set(name, run), { dispose() {} }), executeCommand: async () => {} },
  window: new Proxy({ showErrorMessage: async (text) => void messages.push(text) }, { get: (it, name) => it[name] ?? anything() }),
  workspace: new Proxy({
    getConfiguration: () => ({ get: (name) => (name === "path" ? "/nowhere/prospero" : undefined) }),
    onDidChangeConfiguration: () => ({ dispose() {} }),
  }, { get: (it, name) => it[name] ?? anything() }),
}, { get: (it, name) => it[name] ?? anything() });

test("the extension says when its program cannot be started", { timeout: 30_000 }, async () => {
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? editor : load(name, ...rest));
  const extension = require("../out/extension.js");
  Module._load = load;
  const context = { subscriptions: [] };
  await extension.activate(context);
  assert.equal(context.subscriptions.length, 2);
  assert.ok(commands.has("prospero.restart"));
  assert.ok(messages.some((it) => it.startsWith("`/nowhere/prospero` could not be started")), String(messages));
  await extension.deactivate();
});
