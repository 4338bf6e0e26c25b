import type { Impact } from "../protocol";
import { currentFolder, shortPath } from "../places";
import type { Service } from "../service";
import { count, type Entry, entryOf, type ResultTree, where } from "./tree";

const LIMIT = 1000;

/** What changes reach: those that are not committed, or those of a git range (`main..HEAD`). */
export async function showImpact(service: Service, tree: ResultTree, range?: string): Promise<void> {
  const params = { ...currentFolder(), limit: LIMIT, ...(range === undefined ? {} : { range }) };
  const { changed, affected, files, truncated } = await service.ask<Impact>("magellan/impact", params);
  const groups: Entry[] = [
    { label: "Changed", icon: "edit", open: true, below: changed.map((symbol) => entryOf(symbol)) },
    {
      label: "Affected",
      icon: "flame",
      open: true,
      below: affected.map((symbol) =>
        entryOf(symbol, `${count(symbol.depth, "call")} away, ${where(symbol)}`),
      ),
    },
    {
      label: "Files",
      icon: "files",
      below: files.map((uri) => ({
        label: shortPath(uri),
        icon: "symbol-file",
        place: { uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
      })),
    },
  ];
  for (const group of groups) {
    group.description = String(group.below?.length ?? 0);
  }
  const what = range ?? "what is not committed";
  const reached = `${truncated ? "the first " : ""}${count(affected.length, "symbol")} affected`;
  const summary =
    changed.length === 0
      ? `Nothing changed in ${what} that the index knows.`
      : `${count(changed.length, "changed symbol")} in ${what}; ${reached}.`;
  tree.show(changed.length === 0 ? [] : groups, summary);
  await tree.reveal();
}
