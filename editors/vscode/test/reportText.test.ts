import assert from "node:assert/strict";
import { test } from "node:test";
import { asText } from "../src/reportText";

test("data becomes indented lines, without what has no value", () => {
  const data = {
    health: "ok",
    message: null,
    uptimeSeconds: 3,
    quiescent: true,
    folders: [{ folder: "shop (/code/shop)", files: 2, empty: {} }, { folder: "b" }],
    perKind: { symbols: { expected: 5, found: 5 } },
  };
  assert.equal(
    asText(data),
    `health: ok
uptime seconds: 3
quiescent: yes
folders:
  - folder: shop (/code/shop)
    files: 2
  - folder: b
per kind:
  symbols:
    expected: 5
    found: 5
`,
  );
});
