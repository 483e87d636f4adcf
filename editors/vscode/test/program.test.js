// The command line that the settings ask for.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const { program } = require("../src/program");

const settings = (values) => ({ get: (name) => values[name] });

test("without settings the program is found by PATH", () => {
  assert.deepEqual(program(settings({})), { command: "prospero", args: ["lsp"] });
  assert.deepEqual(program(settings({ path: "", data: [], properties: "" })), { command: "prospero", args: ["lsp"] });
});

test("each setting becomes an option", () => {
  const values = { path: "/opt/prospero", escapes: "c-style", properties: "p.toml", referenceData: "sets", data: ["a", "b"] };
  assert.deepEqual(program(settings(values)), {
    command: "/opt/prospero",
    args: ["lsp", "--escapes", "c-style", "--properties", "p.toml", "--reference-data", "sets", "--data", "a", "--data", "b"],
  });
});
