import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { forServer, SERVER_SETTINGS } from "../src/settings";

test("the server is told of the settings that package.json has, less the extension's own", () => {
  const own = ["magellan.server.path", "magellan.trace.server"];
  const text = readFileSync("package.json", "utf8");
  const { contributes } = JSON.parse(text) as { contributes: { configuration: { properties: object } } };
  const declared = Object.keys(contributes.configuration.properties).filter((key) => !own.includes(key));
  assert.deepEqual(declared.sort(), SERVER_SETTINGS.map((key) => `magellan.${key}`).sort());
});

test("values go through as they are", () => {
  const section = forServer((key) => ({ value: key === "workers" ? 3 : undefined, own: undefined }));
  assert.deepEqual(section, { workers: 3 });
});

function told(setting: string, value: unknown, own: unknown): unknown {
  return forServer((key) => (key === setting ? { value, own } : { value: undefined, own: undefined }))[
    setting
  ];
}

test("a workspace chooses no folder to write to", () => {
  const location = (value: string, own: string): unknown => told("index.location", value, own);
  assert.equal(location("/somewhere", "workspace"), "workspace");
  assert.equal(location("/somewhere", "/mine"), "/mine");
  assert.equal(location("/mine", "/mine"), "/mine");
  assert.equal(location("cache", "/mine"), "cache");
});

test("nor one to read from", () => {
  assert.deepEqual(told("dependencies.roots", ["/somewhere"], ["/mine"]), ["/mine"]);
  for (const outside of [
    "/somewhere",
    "~/index.db",
    "../index.db",
    "a/../../b",
    "C:\\index.db",
    "\\\\host\\share",
  ]) {
    assert.equal(told("migration.path", outside, ""), "", outside);
  }
  assert.equal(told("migration.path", "old/index.db", ""), "old/index.db");
  assert.equal(told("migration.path", "/mine/index.db", "/mine/index.db"), "/mine/index.db");
  assert.equal(told("dependencies.python", "/somewhere/python", ""), "");
});
