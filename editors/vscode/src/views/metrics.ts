// The view of metrics: the workspace's hotspots, and the file in the editor.
import * as vscode from "vscode";
import type { HotspotOrder, Hotspots, Metrics, Numbers } from "../protocol";
import { currentFolder, shortPath } from "../places";
import { words } from "../reportText";
import type { Service } from "../service";
import { LANGUAGES } from "../languages";
import { count, type Entry, entryOf, type ResultTree } from "./tree";

const LIMIT = 50;
const ORDERS: Record<HotspotOrder, string> = {
  complexity: "complexity",
  churn: "changes",
  fanIn: "callers",
  fanOut: "callees",
  loc: "lines of code",
};
/** What a line says of a symbol's numbers; its tooltip says all. */
const SHOWN: [string, (value: number) => string][] = [
  ["cyclomatic", (value) => `complexity ${value}`],
  ["cognitive", (value) => `cognitive ${value}`],
  ["loc", (value) => `${value} lines`],
  ["fanIn", (value) => `${value} in`],
  ["fanOut", (value) => `${value} out`],
  ["commits", (value) => count(value, "commit")],
];

export class MetricsView {
  readonly #service: Service;
  readonly #tree: ResultTree;
  #order: HotspotOrder = "complexity";
  #shown = false;
  #latest = 0;

  constructor(service: Service, tree: ResultTree) {
    this.#service = service;
    this.#tree = tree;
  }

  async show(): Promise<void> {
    this.#shown = true;
    await this.refresh();
    await this.#tree.reveal();
  }

  async sort(): Promise<void> {
    const items = (Object.keys(ORDERS) as HotspotOrder[]).map((order) => ({ label: ORDERS[order], order }));
    const chosen = await vscode.window.showQuickPick(items, { title: "Rank hotspots by" });
    if (chosen) {
      this.#order = chosen.order;
      await this.show();
    }
  }

  /** Ask again, if the view was ever asked for. */
  async refresh(): Promise<void> {
    if (!this.#shown) {
      return;
    }
    const mine = (this.#latest += 1);
    const entries = [await this.#hotspots(), ...(await this.#file())];
    if (mine === this.#latest) {
      this.#tree.show(entries);
    }
  }

  async #hotspots(): Promise<Entry> {
    const { hotspots, unmeasured } = await this.#service.ask<Hotspots>("magellan/hotspots", {
      ...currentFolder(),
      by: this.#order,
      limit: LIMIT,
    });
    const missing = unmeasured > 0 ? `, without ${count(unmeasured, "file")} not measured yet` : "";
    return {
      label: "Hotspots",
      description: `by ${ORDERS[this.#order]}${missing}`,
      icon: "flame",
      open: true,
      below: hotspots.map(({ symbol, file, ...numbers }) => {
        const entry = symbol ? entryOf(symbol) : fileEntry(file ?? "");
        return {
          ...entry,
          description: summary(numbers),
          tooltip: `${entry.tooltip ?? ""}\n${all(numbers)}`,
        };
      }),
    };
  }

  async #file(): Promise<Entry[]> {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.scheme !== "file" || !LANGUAGES.includes(document.languageId)) {
      return [];
    }
    const uri = document.uri.toString();
    const metrics = await this.#service.ask<Metrics | null>("magellan/metrics", { textDocument: { uri } });
    if (!metrics) {
      return [];
    }
    return [
      {
        label: shortPath(uri),
        description: metrics.file ? summary(metrics.file) : "",
        tooltip: metrics.file ? all(metrics.file) : "",
        icon: "symbol-file",
        open: true,
        below: metrics.symbols.map(({ symbol, ...numbers }) => ({
          ...entryOf(symbol, summary(numbers)),
          tooltip: `${symbol.kind} ${symbol.displayFqn}\n${all(numbers)}`,
        })),
      },
    ];
  }
}

function fileEntry(uri: string): Entry {
  const start = { line: 0, character: 0 };
  return {
    label: shortPath(uri),
    tooltip: shortPath(uri),
    icon: "symbol-file",
    place: { uri, range: { start, end: start } },
  };
}

function summary(numbers: Numbers): string {
  return SHOWN.flatMap(([name, say]) => {
    const value = numbers[name];
    return typeof value === "number" ? [say(value)] : [];
  }).join(" · ");
}

function all(numbers: Numbers): string {
  return Object.entries(numbers)
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) => `${words(name)}: ${Math.round((value as number) * 100) / 100}`)
    .join("\n");
}
