import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, shown, type State } from "../src/statusText";

function text(state: Partial<State>): string {
  return shown({ phase: "running", status: undefined, problem: undefined, progress: new Map(), ...state })
    .text;
}

test("each phase has its words", () => {
  assert.equal(text({ phase: "missing" }), "$(warning) Magellan: no server");
  assert.equal(text({ phase: "starting" }), "$(sync~spin) Magellan: starting");
  assert.equal(text({ phase: "failed" }), "$(error) Magellan: failed");
  assert.equal(text({ phase: "stopped" }), "$(circle-slash) Magellan: stopped");
  assert.equal(text({}), "$(sync~spin) Magellan: indexing");
  const status = { health: "ok", quiescent: true, message: null } as const;
  assert.equal(text({ status }), "$(check) Magellan");
  assert.equal(text({ status: { ...status, quiescent: false } }), "$(sync~spin) Magellan: indexing");
});

test("indexing says how far it is, over all folders", () => {
  const progress = new Map([
    ["one", "reading 3/10"],
    ["two", "linking 20/90"],
  ]);
  assert.equal(text({ progress }), "$(sync~spin) Magellan: indexing 23 of 100");
  assert.equal(
    text({ progress: new Map([["one", "looking for files"]]) }),
    "$(sync~spin) Magellan: indexing",
  );
  assert.equal(counted(["nothing"]), undefined);
});

test("what is wrong shows", () => {
  const status = { health: "warning", quiescent: true, message: "3 files are too large" } as const;
  const {
    text: words,
    detail,
    level,
  } = shown({ phase: "running", status, problem: undefined, progress: new Map() });
  assert.deepEqual([words, detail, level], ["$(warning) Magellan", "3 files are too large", "warning"]);
  assert.match(
    shown({ phase: "failed", status: undefined, problem: "no such file", progress: new Map() }).detail,
    /no such file/,
  );
});
