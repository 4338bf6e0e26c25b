// Real VS Code, as code-server's workbench and extension host, with the extension of editors/vscode in it.
// checks.cjs runs inside the extension host; the rest is keys and clicks in headless Chromium.
// EDITORS: the folder of install-editors.sh. MAGELLAN: the server's program. SHOTS: a folder for pictures.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { Workbench } from "./vscode/workbench.mjs";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");
const EDITORS = path.resolve(process.env.EDITORS ?? path.join(here, ".cache/editors"));
const MAGELLAN = process.env.MAGELLAN ?? path.join(root, ".venv/bin/magellan-lsp");
const extension = path.join(root, "editors/vscode/dist/magellan-lsp.vsix");
const codeServer = path.join(EDITORS, "bin/code-server");
for (const [file, remedy] of [
  [codeServer, "run install-editors.sh"],
  [MAGELLAN, "make one with `python3 run.py nox -l`, or set MAGELLAN"],
  [extension, "run `npm run package` in editors/vscode"],
]) {
  if (!fs.existsSync(file)) {
    console.error(`There is no ${file}; ${remedy}.`);
    process.exit(1);
  }
}
const { chromium } = createRequire(`${EDITORS}/vscode/package.json`)("playwright-core");

let passed = 0;
let failed = 0;
const check = (name, ok, detail = "") => {
  ok ? (passed += 1) : (failed += 1);
  console.log(`${ok ? "ok  " : "FAIL"} ${name}${ok ? "" : `: ${detail}`}`);
};

const work = fs.mkdtempSync(path.join(os.tmpdir(), "code-")); // short: a socket lies in it
const made = (...parts) => {
  const folder = path.join(work, ...parts);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
};
const workspaceCopy = (name) => {
  const folder = path.join(work, name);
  fs.cpSync(path.join(root, "fixtures/editors-workspace"), folder, { recursive: true });
  return folder;
};
const results = made("results");
const servers = [];

/** Start code-server with folders of its own; answers its address and where its settings and extensions lie. */
async function start(name, { settings = {}, flags = [], env = {} }) {
  const user = made(name, "user");
  const extensions = made(name, "ext");
  const home = made(name, "home");
  const config = path.join(work, name, "config.yaml");
  fs.writeFileSync(config, "auth: none\n");
  fs.writeFileSync(
    path.join(made(name, "user", "User"), "settings.json"),
    JSON.stringify({
      "telemetry.telemetryLevel": "off",
      "workbench.startupEditor": "none",
      "workbench.enableExperiments": false,
      "workbench.colorTheme": "Default Light Modern",
      "chat.disableAIFeatures": true,
      "extensions.autoCheckUpdates": false,
      "extensions.ignoreRecommendations": true,
      "git.enabled": false,
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "editor.minimap.enabled": false,
      "files.autoSave": "off",
      "security.workspace.trust.startupPrompt": "never",
    }),
  );
  // A setting of scope "machine" is read from the machine's file.
  fs.writeFileSync(path.join(made(name, "user", "Machine"), "settings.json"), JSON.stringify(settings));
  const environment = {
    ...process.env,
    HOME: home,
    EXTENSIONS_GALLERY: "{}", // no marketplace: nothing is looked up outside
    CHECKS_SERVER: MAGELLAN,
    DRIVER_CHECKS: path.join(here, "vscode/checks.cjs"),
    DRIVER_RESULTS: results,
    ...env,
  };
  delete environment.VSCODE_IPC_HOOK_CLI; // set in a terminal of VS Code: code-server would talk to that one
  const common = ["--config", config, "--user-data-dir", user, "--extensions-dir", extensions];
  for (const file of [extension, driver()]) {
    execFileSync(codeServer, [...common, "--install-extension", file], { env: environment, stdio: "pipe" });
  }
  const options = [
    "--auth",
    "none",
    "--bind-addr",
    "127.0.0.1:0",
    "--disable-telemetry",
    "--disable-update-check",
  ];
  const child = spawn(codeServer, [...common, ...options, ...flags], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const server = { child, log: "", url: "", user, home };
  servers.push(server);
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (server.log += text));
  for (let waited = 0; !server.url && waited < 30000; waited += 100) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.url = /listening on (http:\S+)/.exec(server.log)?.[1]?.replace(/\/$/, "") ?? "";
  }
  if (!server.url) throw new Error(`code-server does not listen: ${server.log.slice(-2000)}`);
  return server;
}

/** The second extension, which runs checks.cjs; made once. */
function driver() {
  const file = path.join(work, "driver.vsix");
  if (!fs.existsSync(file)) {
    const folder = path.join(work, "driver");
    fs.cpSync(path.join(here, "vscode/driver"), folder, { recursive: true });
    fs.copyFileSync(path.join(root, "LICENSE"), path.join(folder, "LICENSE"));
    const vsce = path.join(root, "editors/vscode/node_modules/@vscode/vsce/vsce");
    const options = ["package", "--no-dependencies", "--allow-missing-repository", "--out", file];
    execFileSync(process.execPath, [vsce, ...options], { cwd: folder, stdio: "pipe" });
  }
  return file;
}

function stop({ child }) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // it ended before
  }
}

/** What the checks of a name found, inside the extension host. A host that never comes up is asked for once more. */
async function hostChecks(name, bench) {
  const file = path.join(results, `${name}.json`);
  const begun = `${file}.begun`;
  await bench.until(() => fs.existsSync(begun), Boolean, 60000);
  if (!fs.existsSync(begun)) await bench.page.reload();
  await bench.until(() => fs.existsSync(file), Boolean, 150000);
  const known = [file, begun].find((one) => fs.existsSync(one));
  for (const one of known ? JSON.parse(fs.readFileSync(known, "utf8")).checks : []) {
    check(one.name, one.ok, one.detail);
  }
  if (known !== file) {
    await bench.checked(`checks in the extension host: ${name}`, false, bench.server.log.slice(-3000));
  }
}

const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);
let browser;
try {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  const setUp = { settings: { "magellan.server.path": MAGELLAN } };
  if (["host", "folders", "migration", "screen"].some(wanted)) {
    const server = await start("trusted", { ...setUp, flags: ["--disable-workspace-trust"] });
    const bench = (folder, options) =>
      Workbench.open(browser, server, folder, { check, shots: process.env.SHOTS, ...options });
    if (wanted("host")) {
      const page = await bench(workspaceCopy("editors-workspace"));
      await hostChecks("one folder", page);
      await page.close();
    }
    if (wanted("folders")) {
      const second = made("second");
      fs.writeFileSync(path.join(second, "other.py"), "def only_here():\n    pass\n\n\nonly_here()\n");
      const file = path.join(work, "both.code-workspace");
      const folders = [{ path: workspaceCopy("first") }, { path: second }];
      fs.writeFileSync(file, JSON.stringify({ folders }));
      const page = await bench(undefined, { workspace: file });
      await hostChecks("two folders", page);
      await page.close();
    }
    if (wanted("migration")) {
      const { migration } = await import("./vscode/migration.mjs");
      const folder = path.join(work, "old");
      fs.cpSync(path.join(root, "fixtures/magellan/sample"), folder, { recursive: true });
      fs.mkdirSync(path.join(folder, ".magellan"));
      const database = path.join(folder, ".magellan/magellan.db");
      fs.copyFileSync(path.join(root, "fixtures/magellan/magellan-4.17.0.db"), database);
      await migration(await bench(folder), database, check);
    }
    if (wanted("screen")) {
      const { screen } = await import("./vscode/screen.mjs");
      await screen(bench, workspaceCopy("shop"));
    }
    stop(server);
  }
  if (wanted("untrusted")) {
    const server = await start("untrusted", setUp);
    const folder = workspaceCopy("stranger");
    const trap = path.join(folder, ".venv/bin/magellan-lsp");
    fs.mkdirSync(path.dirname(trap), { recursive: true });
    fs.writeFileSync(trap, `#!/bin/sh\ntouch "${folder}/trapped"\n`, { mode: 0o755 });
    fs.mkdirSync(path.join(folder, ".vscode"));
    fs.writeFileSync(
      path.join(folder, ".vscode/settings.json"),
      JSON.stringify({ "magellan.server.path": trap, "magellan.index.location": "/tmp/elsewhere" }),
    );
    const page = await Workbench.open(browser, server, folder, { check });
    await hostChecks("untrusted", page);
    await page.close();
    stop(server);
  }
  if (wanted("install")) {
    const { installing } = await import("./vscode/installing.mjs");
    // A PATH without a server, and no setting: what a new user has.
    const bare = (process.env.PATH ?? "")
      .split(":")
      .filter((one) => !fs.existsSync(path.join(one, "magellan-lsp")));
    const server = await start("bare", {
      flags: ["--disable-workspace-trust"],
      env: { PATH: bare.join(":") },
    });
    const folder = workspaceCopy("bare-workspace");
    await installing(
      await Workbench.open(browser, server, folder, { check, shots: process.env.SHOTS }),
      check,
      server,
    );
    stop(server);
  }
} catch (error) {
  check("the script itself", false, error.stack ?? error);
} finally {
  await browser?.close();
  servers.forEach(stop);
  if (process.env.KEEP) console.log(`kept: ${work}`);
  else fs.rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
console.log(`vscode: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0); // the extension host keeps our pipes open for some seconds more
