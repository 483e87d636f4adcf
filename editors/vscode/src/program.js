// How the language server is started: the program and its arguments, from the settings.
"use strict";

/**
 * @param {{ get(name: string): unknown }} settings the section `prospero`
 * @returns {{ command: string, args: string[] }}
 */
function program(settings) {
  const args = ["lsp"];
  for (const [name, option] of [["escapes", "--escapes"], ["properties", "--properties"], ["referenceData", "--reference-data"]]) {
    const value = settings.get(name);
    if (typeof value === "string" && value !== "") args.push(option, value);
  }
  const data = settings.get("data");
  if (Array.isArray(data)) for (const path of data) args.push("--data", String(path));
  const path = settings.get("path");
  return { command: typeof path === "string" && path !== "" ? path : "prospero", args };
}

module.exports = { program };
