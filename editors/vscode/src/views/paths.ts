import * as vscode from "vscode";
import type { Paths } from "../protocol";
import { atCursor } from "../places";
import { pickSymbol } from "../questions";
import type { Service } from "../service";
import { count, entryOf, type ResultTree } from "./tree";

const MOST = 10;

export async function findPaths(service: Service, tree: ResultTree): Promise<void> {
  const from = await pickSymbol(service, "Paths from which symbol?", atCursor());
  const to = from && (await pickSymbol(service, "To which symbol?", undefined));
  if (!to) {
    return;
  }
  const result = await service.ask<Paths | null>("magellan/paths", { from, to, k: MOST });
  const paths = result?.paths ?? [];
  if (paths.length === 0) {
    tree.show([], "No chain of calls leads from the one to the other.");
    void vscode.window.showInformationMessage("No chain of calls leads from the one to the other.");
    return;
  }
  const [first] = paths;
  const ends = `${first?.at(0)?.name ?? ""} to ${first?.at(-1)?.name ?? ""}`;
  tree.show(
    paths.map((path, index) => ({
      label: path.map(({ name }) => name).join(" → "),
      description: count(path.length - 1, "call"),
      icon: "git-commit",
      open: index === 0,
      below: path.map((symbol) => entryOf(symbol)),
    })),
    `${count(paths.length, "path")} from ${ends}, shortest first.`,
  );
  await tree.reveal();
}
