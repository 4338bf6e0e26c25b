import assert from "node:assert/strict";
import { test } from "node:test";
import type { Direction, GraphNode, Neighbours } from "../src/panels/messages";
import { GraphState } from "../src/webview/graphState";

const node = (key: string): GraphNode => ({ key, name: key, kind: "function", where: "", title: key });

function side(of: string, direction: Direction, ...others: string[]): Neighbours {
  const edges = others.map((other) =>
    direction === "in" ? { source: other, target: of } : { source: of, target: other },
  );
  return { of, direction, nodes: others.map(node), edges, truncated: false };
}

function keys(state: GraphState): string {
  return state
    .visible()
    .nodes.map(({ key }) => key)
    .join(" ");
}

test("what is open is in sight, from the root on", () => {
  const state = new GraphState(node("root"));
  state.add(side("root", "in", "caller"));
  state.add(side("root", "out", "callee"));
  state.add(side("callee", "out", "leaf"));
  assert.equal(keys(state), "root");
  state.setOpen("root", "in", true);
  assert.equal(keys(state), "root caller");
  state.setOpen("callee", "out", true);
  assert.equal(keys(state), "root caller");
  state.setOpen("root", "out", true);
  assert.equal(keys(state), "root caller callee leaf");
  state.setOpen("root", "out", false);
  assert.equal(keys(state), "root caller");
  assert.deepEqual(state.opened, [
    ["root", "in"],
    ["callee", "out"],
  ]);
});

test("circles end, and an edge seen from both its ends is one", () => {
  const state = new GraphState(node("a"));
  state.add(side("a", "out", "b", "a"));
  state.add(side("b", "in", "a"));
  state.add(side("b", "out", "a"));
  for (const [key, direction] of [
    ["a", "out"],
    ["b", "in"],
    ["b", "out"],
  ] as const) {
    state.setOpen(key, direction, true);
  }
  assert.equal(keys(state), "a b");
  assert.deepEqual(
    state.visible().edges.map(({ source, target }) => `${source}${target}`),
    ["ab", "aa", "ba"],
  );
});
