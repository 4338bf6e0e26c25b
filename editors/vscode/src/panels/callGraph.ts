// The panel with the calls around a symbol: callers to the left, callees to the right, more of both on demand.
import * as vscode from "vscode";
import type { Service } from "../service";
import type { CallGraph, MagellanSymbol } from "../protocol";
import { atCursor, open } from "../places";
import { askAbout, choiceOf, functionAround } from "../questions";
import { where } from "../views/tree";
import { wordsOf } from "../service";
import type { Direction, FromPanel, GraphNode, Neighbours, ToCallGraphPanel } from "./messages";
import { Panel } from "./panel";

/** Callers or callees of one symbol that are shown at most. */
const LIMIT = 60;
const METHOD = "magellan/callGraph";

export class CallGraphPanel implements vscode.Disposable {
  readonly #service: Service;
  readonly #extension: vscode.Uri;
  #panel: Panel<ToCallGraphPanel> | undefined;
  readonly #symbols = new Map<string, MagellanSymbol>();
  #root: GraphNode | undefined;
  /** All that was asked for so far, for a page that comes back. */
  #neighbours: Neighbours[] = [];
  #expanded: [string, Direction][] = [];

  constructor(service: Service, extension: vscode.Uri) {
    this.#service = service;
    this.#extension = extension;
  }

  /** Show the symbol at the cursor; the function around it where the cursor is on no name. */
  async show(): Promise<void> {
    const here = atCursor();
    const options = { direction: "both", depth: 1, limit: LIMIT };
    let graph = here && (await askAbout<CallGraph>(this.#service, METHOD, here, options));
    if (here && !graph) {
      const around = await functionAround(this.#service, here);
      graph = around && (await askAbout<CallGraph>(this.#service, METHOD, around, options));
    }
    const root =
      graph?.nodes.find((node) => keyOf(node) === graph.root || node.id === graph.root) ?? graph?.nodes[0];
    if (!graph || !root) {
      void vscode.window.showInformationMessage("There is no symbol at the cursor.");
      return;
    }
    this.#symbols.clear();
    this.#root = this.#node(root);
    this.#neighbours = (["in", "out"] as const).map((direction) => this.#around(graph, root, direction));
    this.#expanded = [
      [this.#root.key, "in"],
      [this.#root.key, "out"],
    ];
    this.#panel ??= this.#make();
    this.#set();
    this.#panel.reveal();
  }

  #make(): Panel<ToCallGraphPanel> {
    const panel = new Panel<ToCallGraphPanel>(this.#extension, "callGraph", "Call Graph", (message) => {
      this.#handle(message);
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    return panel;
  }

  #set(): void {
    if (this.#panel && this.#root) {
      this.#panel.title = `Calls of ${this.#root.name}`;
      this.#panel.send({
        type: "show",
        root: this.#root,
        neighbours: this.#neighbours,
        expand: this.#expanded,
      });
    }
  }

  #handle(message: FromPanel): void {
    switch (message.type) {
      case "ready":
        this.#set();
        break;
      case "state":
        this.#expanded = message.expanded;
        break;
      case "open": {
        const symbol = this.#symbols.get(message.key);
        if (symbol) {
          void open({ uri: symbol.uri, range: symbol.selectionRange }, "all");
        }
        break;
      }
      case "expand":
        void this.#expand(message.key, message.direction);
        break;
    }
  }

  async #expand(key: string, direction: Direction): Promise<void> {
    const symbol = this.#symbols.get(key);
    if (!symbol) {
      return;
    }
    try {
      const options = { direction, depth: 1, limit: LIMIT };
      const graph = await askAbout<CallGraph>(this.#service, METHOD, choiceOf(symbol), options);
      const neighbours = graph
        ? this.#around(graph, symbol, direction)
        : { of: key, direction, nodes: [], edges: [], truncated: false };
      this.#neighbours.push(neighbours);
      this.#panel?.send({ type: "add", neighbours });
    } catch (error) {
      this.#panel?.send({ type: "note", note: wordsOf(error) ?? "" });
    }
  }

  /** What is on one side of a symbol in an answer. */
  #around(graph: CallGraph, symbol: MagellanSymbol, direction: Direction): Neighbours {
    const own = symbol.id ?? graph.root;
    const [from, to] = direction === "in" ? (["target", "source"] as const) : (["source", "target"] as const);
    const byId = new Map(graph.nodes.map((node) => [node.id ?? keyOf(node), node]));
    const key = keyOf(symbol);
    const nodes: GraphNode[] = [];
    const edges: Neighbours["edges"] = [];
    for (const edge of graph.edges.filter((one) => one[from] === own)) {
      const other = byId.get(edge[to]);
      if (other) {
        const node = this.#node(other);
        nodes.push(node);
        edges.push(
          direction === "in" ? { source: node.key, target: key } : { source: key, target: node.key },
        );
      }
    }
    return { of: key, direction, nodes, edges, truncated: graph.truncated };
  }

  #node(symbol: MagellanSymbol): GraphNode {
    const key = keyOf(symbol);
    this.#symbols.set(key, symbol);
    return {
      key,
      name: symbol.name,
      kind: symbol.kind,
      where: where(symbol),
      title: `${symbol.kind} ${symbol.displayFqn}`,
    };
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}

/** Names a symbol for as long as the panel is open. */
function keyOf({ id, uri, selectionRange: { start } }: MagellanSymbol): string {
  return id ?? `${uri}:${start.line}:${start.character}`;
}
