// A folder with an index that Magellan made.
import fs from "node:fs";

export async function migration(bench, database, check) {
  const { page } = bench;
  const before = fs.readFileSync(database);
  await bench.go("main.py", 1, 1);
  const notice = page.locator(".notification-list-item", { hasText: "The Magellan index of old was migrated" });
  await notice.waitFor({ timeout: 60000 });
  check("a Magellan index is migrated when its folder is opened, and the person is told", true);
  await notice.getByRole("button", { name: "Show Report" }).click();
  await bench.matches("its report is shown", /outcome:\s+migrated/, async () =>
    (await page.locator(".view-lines").first().innerText()).replaceAll("\u00a0", " "),
  );
  check("the original is untouched", before.equals(fs.readFileSync(database)));
  await bench.close();
}
