// What a person sees and does: keys, the status bar, panels, views.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export async function screen(open, folder) {
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=me", "-c", "user.email=me@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "All");
  const bench = await open(folder, { width: 1200, height: 720 });
  await bench.go("main.py", 6, 12);
  await bench.equal("the status bar says that all is well", "Magellan", () => bench.status());
  await keys(bench);
  await controlFlow(bench);
  await callGraph(bench);
  await views(bench, folder);
  await menuAndProgress(bench, folder);
  await walkthrough(bench);
  await bench.close();
}

async function keys(bench) {
  const { page } = bench;
  await page.keyboard.press("F12");
  await bench.equal("F12", "stock.py Ln 9, Col 5", () => bench.cursor());

  await bench.go("main.py", 6, 12);
  await page.keyboard.press("Shift+F12");
  const references = page.locator(".reference-zone-widget .ref-tree .monaco-list-row");
  await bench.matches("Shift+F12 shows references in several files", /^[2-9]/, async () =>
    String(await references.count()),
  );
  await page.keyboard.press("Escape");

  await bench.go("main.py", 6, 12);
  await page.keyboard.press("Shift+Alt+KeyH");
  const calls = page.locator(".part.sidebar .monaco-list-row");
  await bench.matches("Shift+Alt+H shows the callers", /report[^]*put|put[^]*report/, async () =>
    (await calls.allInnerTexts()).join(" "),
  );
}

async function controlFlow(bench) {
  const { page } = bench;
  await bench.command("View: Toggle Primary Side Bar Visibility");
  await bench.go("orders.py", 20, 9);
  await bench.command("Magellan: Show Control Flow of This Function");
  const panel = bench.panel();
  const boxes = panel.locator(".node");
  await boxes.first().waitFor();
  await bench.matches("control flow: a box for each block", /^(1\d|[89])$/, async () =>
    String(await boxes.count()),
  );
  await bench.matches("control flow: its complexity", /price_of.*cyclomatic complexity [5-9]/, () =>
    panel.locator("#note").innerText(),
  );
  await bench.matches("control flow: the cursor's block is marked", /amount \+= price \* count/, () =>
    bench.words(panel.locator(".mg-selected")),
  );
  await bench.shot("cfg");
  await panel.locator(".node", { hasText: "raise OutOfStock(name)" }).click();
  await bench.matches(
    "control flow: a click on a block selects its source",
    /Ln 17, Col 4\d \(\d+ selected\)$/,
    () => bench.cursor(),
  );
  await bench.go("orders.py", 12, 5);
  await page.keyboard.type("if not order: return 0");
  await page.keyboard.press("Enter");
  await bench.matches("control flow: the picture follows edits", /not order/, () => bench.words(boxes));
  await bench.command("File: Revert File");
  await bench.matches("control flow: and taking them back", /^(?!.*not order)/s, () => bench.words(boxes));
  await bench.closeTab("Control Flow");
}

async function callGraph(bench) {
  await bench.go("orders.py", 10, 6);
  await bench.command("Magellan: Show Call Graph");
  const panel = bench.panel();
  const names = () => bench.words(panel.locator(".call .name"));
  await panel.locator(".call.root").waitFor();
  await bench.equal("call graph: callers and callees", "OutOfStock bill discounted price_of", names);
  const side = (name, direction) =>
    panel.locator(".call", { hasText: name }).first().locator(`.handle[data-side=${direction}]`);
  await side("bill", "in").click();
  await bench.equal(
    "call graph: + shows more callers",
    "OutOfStock bill checkout discounted price_of",
    names,
  );
  await side("bill", "out").click();
  await bench.equal("call graph: and callees", "OutOfStock bill checkout discounted price_of total", names);
  await panel.locator("#fit").click();
  await bench.shot("call-graph");
  await side("bill", "in").click();
  await bench.equal("call graph: − hides them", "OutOfStock bill discounted price_of total", names);
  await panel.locator(".call", { hasText: "discounted" }).locator("rect").click();
  await bench.matches("call graph: a click on a box opens its source", /^orders.py Ln 28, Col 15/, () =>
    bench.cursor(),
  );
  await bench.closeTab("Calls of");
}

async function views(bench, folder) {
  const { page } = bench;
  const lines = async (view) =>
    (await bench.rows(view).evaluateAll((rows) => rows.map((row) => row.ariaLabel))).join("\n");
  await bench.go("orders.py", 34, 6);
  await bench.command("Magellan: Find Dead Code");
  await bench.matches("dead code is listed", /_forgotten/, () => lines("Dead Code"));
  await bench.rows("Dead Code").filter({ hasText: "_forgotten" }).click();
  await bench.equal("dead code: a click leads there", "orders.py Ln 38, Col 5", () => bench.cursor());
  await bench.command("Magellan: Show Metrics and Hotspots");
  await bench.matches("hotspots: the worst first", /Hotspots[^]*price_of[^]*complexity \d/, () =>
    lines("Metrics"),
  );
  await bench.shot("views");
  const hotspots = bench.rows("Metrics").filter({ hasText: "Hotspots" });
  await hotspots.click();
  await bench.matches("metrics of the file", /shop\/orders\.py.*lines[^]*price_of.*complexity 6/, () =>
    lines("Metrics"),
  );
  await hotspots.click();

  await bench.go("orders.py", 33, 6);
  await bench.command("Magellan: Find Paths between Two Symbols");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: "The symbol at the cursor" }).click();
  await page.locator(".quick-input-title", { hasText: "To which symbol?" }).waitFor();
  await page.keyboard.type("discounted");
  await rows.filter({ hasText: "discounted" }).first().click();
  await bench.matches("paths between two symbols", /bill → price_of → discounted/, () => lines("Paths"));

  const orders = path.join(folder, "shop/orders.py");
  const text = fs.readFileSync(orders, "utf8");
  fs.writeFileSync(orders, text.replace("amount - amount * rate", "amount * (1 - rate)"));
  await bench.until(
    async () => {
      await bench.command("Magellan: Show Impact of Uncommitted Changes");
      return bench.until(
        () => lines("Impact"),
        (got) => /Changed[^]*discounted/.test(got),
        3000,
      );
    },
    (got) => /Changed[^]*discounted/.test(got),
  );
  await bench.matches(
    "impact of uncommitted changes",
    /Changed[^]*discounted[^]*Affected[^]*price_of[^]*bill[^]*checkout/,
    () => lines("Impact"),
  );
  await bench.shot("impact");
}

async function menuAndProgress(bench, folder) {
  const { page } = bench;
  await page.locator('.statusbar-item[id*="magellan.status"]').first().click();
  const entries = page.locator(".quick-input-list .monaco-list-row");
  await bench.matches("a click on the status bar opens the menu", /Re-index[^]*Restart Server/, async () =>
    (await entries.allInnerTexts()).join(" "),
  );
  await bench.shot("menu");
  await page.keyboard.press("Escape");

  // many new files, so that indexing takes long enough to be seen
  const many = path.join(folder, "many");
  fs.mkdirSync(many);
  for (let number = 0; number < 1500; number += 1) {
    fs.writeFileSync(
      path.join(many, `part${number}.py`),
      `def part_${number}(x):\n    return x + ${number}\n`.repeat(20),
    );
  }
  await bench.command("Magellan: Re-index");
  await bench.matches("indexing n of m is shown", /^Magellan: indexing \d+ of \d+$/, () => bench.status());
  await bench.shot("indexing");
  await bench.until(
    () => bench.status(),
    (text) => text === "Magellan",
    120000,
  );
  await bench.equal("and that it is done", "Magellan", () => bench.status());
}

async function walkthrough(bench) {
  const { page } = bench;
  await bench.command("Welcome: Open Walkthrough...");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Get started with Magellan" }).click();
  const steps = page.locator(".getting-started-step");
  await bench.equal("the walkthrough has its steps", "6", async () => String(await steps.count()));
  await bench.shot("walkthrough");
}
