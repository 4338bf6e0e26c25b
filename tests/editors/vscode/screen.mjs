// What a person sees and does: keys, the status bar, panels, views.
import fs from "node:fs";
import path from "node:path";

export async function screen(open, folder, check) {
  const bench = await open(folder);
  const { page } = bench;
  await bench.go("main.py", 6, 12);
  await bench.equal("the status bar says that all is well", "Magellan", () => bench.status());
  await page.keyboard.press("F12");
  await bench.equal("F12", "stock.py Ln 9, Col 5", () => bench.cursor());

  await bench.go("main.py", 6, 12);
  await page.keyboard.press("Shift+F12");
  const references = page.locator(".reference-zone-widget .ref-tree .monaco-list-row");
  await bench.matches("Shift+F12 shows references in several files", /^[2-9]/, async () => String(await references.count()));
  await page.keyboard.press("Escape");

  await bench.go("main.py", 6, 12);
  await page.keyboard.press("Shift+Alt+KeyH");
  const calls = page.locator(".part.sidebar .monaco-list-row");
  await bench.matches("Shift+Alt+H shows the callers", /report[\s\S]*put|put[\s\S]*report/, async () =>
    (await calls.allInnerTexts()).join(" "),
  );

  const item = page.locator('.statusbar-item[id*="magellan.status"]').first();
  await item.click();
  const entries = page.locator(".quick-input-list .monaco-list-row");
  await bench.matches("a click on the status bar opens the menu", /Re-index[\s\S]*Restart Server/, async () =>
    (await entries.allInnerTexts()).join(" "),
  );
  await bench.shot("menu");
  await page.keyboard.press("Escape");

  // many new files, so that indexing takes long enough to be seen
  const many = path.join(folder, "many");
  fs.mkdirSync(many);
  for (let number = 0; number < 1500; number += 1) {
    fs.writeFileSync(path.join(many, `part${number}.py`), `def part_${number}(x):\n    return x + ${number}\n`.repeat(20));
  }
  await bench.command("Magellan: Re-index");
  await bench.matches("indexing n of m is shown", /^Magellan: indexing \d+ of \d+$/, () => bench.status());
  await bench.shot("indexing");
  await bench.equal("and that it is done", "Magellan", () => bench.status());
  await bench.close();
}
