// A folder with an index that Magellan made.
import fs from "node:fs";

export async function migration(bench, database, check) {
  const { page } = bench;
  const before = fs.readFileSync(database);
  await bench.go("main.py", 1, 1);
  const notice = page.locator(".notification-list-item", {
    hasText: "The Magellan index of old was migrated",
  });
  await notice.waitFor({ timeout: 60000 });
  check("a Magellan index is migrated when its folder is opened, and the person is told", true);
  await notice.getByRole("button", { name: "Show Report" }).click();
  const report = async () =>
    (await page.locator(".view-lines").first().innerText()).replaceAll("\u00a0", " ");
  await bench.matches("its report is shown", /outcome: migrated/, report);
  await bench.closeTab("Migration");
  await bench.command("Magellan: Migrate a Magellan Index...");
  const dialog = page.locator(".quick-input-widget", { hasText: "The Magellan index to migrate" });
  const input = dialog.locator("input").first();
  // The dialog puts the folder that it begins in there when it is ready.
  await bench.until(
    () => input.inputValue(),
    (value) => value.length > 1,
  );
  // It reads the folder at each change, and does not hear Enter meanwhile; it goes when the file is chosen.
  const chosen = async () => {
    const soon = { timeout: 2000 };
    try {
      if ((await input.inputValue(soon)) !== database) await input.fill(database, soon);
      await input.press("Enter", soon);
    } catch {
      // It went between two of these, or is being drawn again.
    }
    return (await dialog.count()) === 0 || !(await dialog.isVisible());
  };
  await bench.until(chosen, Boolean, 60000, 500);
  const said = async () =>
    (await page.locator(".notifications-toasts, .quick-input-widget").allInnerTexts()).join(" | ");
  const outcome = await bench.until(report, (text) => /outcome: migrated/.test(text), 60000);
  await bench.checked(
    "a chosen index is migrated",
    /outcome: migrated/.test(outcome),
    `${outcome} | ${await said()}`,
  );
  check("the original is untouched", before.equals(fs.readFileSync(database)));
  await bench.close();
}
