// Nothing is installed: the extension asks, makes its own environment, and then finds definitions.
export async function installing(bench, check) {
  const { page } = bench;
  await bench.go("main.py", 6, 12);
  const question = page.locator(".notification-list-item", { hasText: "was not found on this machine" });
  await question.waitFor({ timeout: 60000 });
  check("without a server the extension asks before it installs one", true);
  await bench.equal("and says so in the status bar", "Magellan: no server", () => bench.status());
  await question.getByRole("button", { name: "Install" }).click();
  const ready = await bench.until(
    () => bench.status(),
    (text) => text === "Magellan",
    240000,
    500,
  );
  check("the private environment is made and its server runs", ready === "Magellan", ready);
  await bench.go("main.py", 6, 12);
  await page.keyboard.press("F12");
  await bench.equal("definition from the private environment's server", "stock.py Ln 9, Col 5", () =>
    bench.cursor(),
  );
  await bench.close();
}
