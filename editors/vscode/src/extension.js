// Starts `prospero lsp` and connects it with the editor. All that is known of AQL is known there.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { program } = require("./program");

/** @type {LanguageClient | undefined} */
let client;

async function start() {
  const server = program(vscode.workspace.getConfiguration("prospero"));
  client = new LanguageClient("prospero", "Prospero", server, {
    documentSelector: [{ language: "aql" }, { language: "markdown", scheme: "file" }],
  });
  try {
    await client.start();
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `\`${server.command}\` could not be started: ${error instanceof Error ? error.message : error}`,
      "Open settings",
    );
    if (choice) await vscode.commands.executeCommand("workbench.action.openSettings", "prospero.path");
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running?.isRunning()) await running.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("prospero.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("prospero")) return restart();
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
