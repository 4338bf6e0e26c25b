// A tree of results: what all four views share.
import * as vscode from "vscode";
import { shortPath } from "../places";
import type { MagellanSymbol, Place } from "../protocol";

/** A line of a view. */
export interface Entry {
  label: string;
  description?: string;
  tooltip?: string;
  icon?: string;
  /** Where a click leads. */
  place?: Place;
  /** Lines below it. */
  below?: Entry[];
  open?: boolean;
}

export class ResultTree implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Entry>;
  #entries: Entry[] = [];

  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
    this.#view = vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: true });
  }

  /** Put other lines into the view. */
  show(entries: Entry[], message?: string): void {
    this.#entries = entries;
    this.#view.message = message;
    this.#changed.fire();
  }

  /** Bring the view to the front; the cursor stays in the text. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${this.#id}.focus`, { preserveFocus: true });
  }

  getChildren(entry?: Entry): Entry[] {
    return entry ? (entry.below ?? []) : this.#entries;
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(entry.label, entry.below ? (entry.open ? Expanded : Collapsed) : None);
    if (entry.description !== undefined) {
      item.description = entry.description;
    }
    const line = [entry.label, entry.description].filter(Boolean).join("  ");
    item.tooltip = entry.tooltip ?? line;
    item.accessibilityInformation = { label: line };
    if (entry.icon !== undefined) {
      item.iconPath = new vscode.ThemeIcon(entry.icon);
    }
    if (entry.place) {
      item.command = { command: "magellan.openPlace", title: "Open", arguments: [entry.place] };
    }
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}

const ICONS: Record<string, string> = {
  class: "symbol-class",
  constant: "symbol-constant",
  constructor: "symbol-constructor",
  enum: "symbol-enum",
  field: "symbol-field",
  file: "symbol-file",
  function: "symbol-function",
  interface: "symbol-interface",
  method: "symbol-method",
  module: "symbol-module",
  namespace: "symbol-namespace",
  property: "symbol-property",
  struct: "symbol-structure",
  trait: "symbol-interface",
  type: "symbol-class",
  variable: "symbol-variable",
};

/** A symbol as a line: its name, where it is, and its own place to go to. */
export function entryOf(symbol: MagellanSymbol, description = where(symbol)): Entry {
  return {
    label: symbol.name,
    description,
    tooltip: `${symbol.kind} ${symbol.displayFqn}\n${where(symbol)}`,
    icon: ICONS[symbol.kind] ?? "symbol-misc",
    place: { uri: symbol.uri, range: symbol.selectionRange },
  };
}

/** A symbol's file and line. */
export function where(symbol: MagellanSymbol): string {
  return `${shortPath(symbol.uri)}:${symbol.selectionRange.start.line + 1}`;
}

/** Symbols as lines below their files, in the order in which the files first occur. */
export function byFile(symbols: readonly MagellanSymbol[]): Entry[] {
  const files = new Map<string, MagellanSymbol[]>();
  for (const symbol of symbols) {
    files.set(symbol.uri, [...(files.get(symbol.uri) ?? []), symbol]);
  }
  return [...files].map(([uri, inFile]) => ({
    label: shortPath(uri),
    description: String(inFile.length),
    icon: "symbol-file",
    open: files.size <= 10,
    below: inFile.map((symbol) =>
      entryOf(symbol, `${symbol.kind}, line ${symbol.selectionRange.start.line + 1}`),
    ),
  }));
}

/** "12 functions", "1 path". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
