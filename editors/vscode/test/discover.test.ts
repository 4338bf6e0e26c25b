import assert from "node:assert/strict";
import { test } from "node:test";
import { discover, type Places } from "../src/server/discover";

function look(files: string[], more: Partial<Places> = {}): string | undefined {
  const found = discover({
    setting: "",
    trusted: true,
    folders: ["/code/shop"],
    interpreters: [],
    path: "/usr/bin:/usr/local/bin",
    privateEnvironment: undefined,
    home: "/home/me",
    platform: "linux",
    isProgram: (file) => files.includes(file),
    ...more,
  });
  return found && `${found.source} ${found.program}`;
}

const IN_WORKSPACE = "/code/shop/.venv/bin/magellan-lsp";
const SELECTED = "/envs/shop/bin/magellan-lsp";
const ON_PATH = "/usr/local/bin/magellan-lsp";
const PRIVATE = "/storage/server-1/bin/magellan-lsp";
const everywhere = { interpreters: ["/envs/shop/bin/python"], privateEnvironment: "/storage/server-1" };

test("the nearest place wins", () => {
  const all = [IN_WORKSPACE, SELECTED, ON_PATH, PRIVATE];
  const order = ["workspace", "python", "path", "private"];
  for (const [index, source] of order.entries()) {
    assert.equal(look(all.slice(index), everywhere), `${source} ${all[index] ?? ""}`);
  }
  assert.equal(look([], everywhere), undefined);
});

test("the setting wins over all, and is not made up for when it is wrong", () => {
  assert.equal(look([ON_PATH], { setting: "/opt/magellan-lsp" }), "setting /opt/magellan-lsp");
  assert.equal(look([], { setting: "~/bin/magellan-lsp" }), "setting /home/me/bin/magellan-lsp");
});

test("nothing of an untrusted workspace is started", () => {
  assert.equal(look([IN_WORKSPACE, ON_PATH], { trusted: false }), `path ${ON_PATH}`);
  assert.equal(look([IN_WORKSPACE], { trusted: false }), undefined);
});

test("nor does the PATH or the selected environment lead into it", () => {
  const inside = { trusted: false, path: "/code/shop/bin", interpreters: ["/code/shop/env/bin/python"] };
  assert.equal(look(["/code/shop/bin/magellan-lsp", "/code/shop/env/bin/magellan-lsp"], inside), undefined);
  const beside = { trusted: false, path: "/code/shop-tools/bin" };
  assert.equal(look(["/code/shop-tools/bin/magellan-lsp"], beside), "path /code/shop-tools/bin/magellan-lsp");
});

test("relative folders of the PATH do not count", () => {
  assert.equal(look(["bin/magellan-lsp", "./magellan-lsp", "magellan-lsp"], { path: "bin:.:" }), undefined);
});

test("each folder of the workspace is looked at", () => {
  const folders = ["/code/shop", "/code/other"];
  assert.equal(
    look(["/code/other/venv/bin/magellan-lsp"], { folders }),
    "workspace /code/other/venv/bin/magellan-lsp",
  );
});

test("Windows has other names", () => {
  const windows: Partial<Places> = { platform: "win32", folders: ["C:\\shop"], path: "C:\\tools;tools" };
  const inWorkspace = "C:\\shop\\.venv\\Scripts\\magellan-lsp.exe";
  assert.equal(look([inWorkspace], windows), `workspace ${inWorkspace}`);
  assert.equal(look([inWorkspace], { ...windows, trusted: false }), undefined);
  assert.equal(look(["C:\\tools\\magellan-lsp.exe"], windows), "path C:\\tools\\magellan-lsp.exe");
});
