// A page of the workbench: keys, clicks, and what is on the screen.
import path from "node:path";

export class Workbench {
  /** A new window on a folder, or on a workspace file. */
  static async open(
    browser,
    server,
    folder,
    { check, shots, workspace, payload = [], width = 1280, height = 800 },
  ) {
    const context = await browser.newContext({ viewport: { width, height } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.setDefaultTimeout(30000);
    const what = workspace
      ? `workspace=${encodeURIComponent(workspace)}`
      : `folder=${encodeURIComponent(folder)}`;
    await page.goto(`${server.url}/?${what}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await page.waitForSelector(".monaco-workbench .part.statusbar");
    return new Workbench(page, server, folder, check, shots);
  }

  constructor(page, server, folder, check, shots) {
    Object.assign(this, { page, server, folder, check, shots });
  }

  close() {
    return this.page.context().close();
  }

  /** The last value of `get`, as soon as it is good or the time is over. */
  async until(get, good = Boolean, ms = 30000, every = 100) {
    const end = Date.now() + ms;
    let value = await get();
    while (!good(value) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, every));
      value = await get();
    }
    return value;
  }

  async equal(name, want, get) {
    const got = await this.until(get, (value) => value === want);
    await this.checked(name, got === want, `want ${want}, got ${got}`);
  }

  async matches(name, pattern, get) {
    const got = await this.until(get, (value) => pattern.test(value));
    await this.checked(name, pattern.test(got), `want ${pattern}, got ${got}`);
  }

  /** A check whose failure leaves a picture of the screen, where pictures are wanted. */
  async checked(name, ok, detail) {
    if (!ok && this.shots) {
      await this.page.screenshot({
        path: path.join(this.shots, `failed ${name.replace(/[^\w ]/g, "")}.png`),
      });
    }
    this.check(name, ok, detail);
  }

  /** "main.py Ln 5, Col 3": the file and the cursor. */
  async cursor() {
    const at = this.page.locator('[id="status.editor.selection"]');
    const place = (await at.count()) ? (await at.first().innerText()).trim() : "";
    return `${(await this.page.title()).replace("●", "").trim().split(" ")[0]} ${place}`;
  }

  /** What the item of the extension in the status bar says. */
  async status() {
    const item = this.page.locator(
      '[id="magellan-lsp.magellan-lsp.magellan.status"], .statusbar-item[id*="magellan.status"]',
    );
    return (await item.count()) ? (await item.first().innerText()).trim() : "";
  }

  /** Go to a place in a file: the file by Quick Open, then its line. Each step is seen to be done before the next. */
  async go(file, line, column) {
    const { page } = this;
    const name = path.basename(file);
    const here = () => this.cursor();
    const input = page.locator(".quick-input-widget input").first();
    for (let tries = 0; tries < 5 && !(await here()).startsWith(`${name} `); tries += 1) {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+KeyP");
      await input.waitFor();
      await page.keyboard.type(name);
      await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).first().click();
      await this.until(here, (got) => got.startsWith(`${name} `), 10000);
    }
    const wanted = `${name} Ln ${line}, Col ${column}`;
    const focused = page.locator(".monaco-editor.focused").first();
    // A notification that comes meanwhile may have the focus though the cursor is there.
    const there = async () => (await here()) === wanted && (await focused.count()) > 0;
    for (let tries = 0; tries < 5 && !(await there()); tries += 1) {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+KeyG");
      await input.waitFor();
      await page.keyboard.type(`${line}:${column}`, { delay: 20 });
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "line" }).first().waitFor();
      await page.keyboard.press("Enter");
      await this.until(there, Boolean, 10000);
    }
    await focused.waitFor();
  }

  /** Run a command by its name in the palette. */
  async command(name) {
    const { page } = this;
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").first().waitFor();
    await page.keyboard.type(name);
    await page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`).first().click();
  }

  /** Lines of a tree view in the side bar, by their accessible names. */
  rows(view) {
    return this.page.locator(`.pane:has(.pane-header[aria-label*="${view}"]) .monaco-list-row`);
  }

  /** The page inside the panel that is in sight. */
  panel() {
    return this.page.frameLocator("iframe.webview.ready:visible").first().frameLocator("#active-frame");
  }

  /** The words in parts of a picture, which are not laid out as a page's are. */
  async words(locator) {
    return (await locator.allTextContents())
      .map((text) => text.replace(/\s+/g, " ").trim())
      .sort()
      .join(" ");
  }

  /** Close the tab whose title begins so. */
  async closeTab(title) {
    const tab = this.page.locator(`.tab[aria-label^="${title}"]`).first();
    await tab.click({ button: "middle" });
    await tab.waitFor({ state: "detached" });
  }

  async shot(name, clip) {
    if (this.shots) {
      await this.page.mouse.move(640, 2);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await this.page.screenshot({ path: path.join(this.shots, `${name}.png`), ...(clip ? { clip } : {}) });
    }
  }
}
