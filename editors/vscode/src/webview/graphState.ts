// Which part of a call graph is in sight: the root, and what its open sides lead to. Knows no page.
import type { Direction, GraphNode, Neighbours } from "../panels/messages";

export interface Visible {
  nodes: GraphNode[];
  edges: { source: string; target: string }[];
}

export class GraphState {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #neighbours = new Map<string, Neighbours>();
  readonly #open = new Set<string>();
  #root: string;

  constructor(root: GraphNode) {
    this.#root = root.key;
    this.#nodes.set(root.key, root);
  }

  get root(): string {
    return this.#root;
  }

  add(neighbours: Neighbours): void {
    this.#neighbours.set(sideOf(neighbours.of, neighbours.direction), neighbours);
    for (const node of neighbours.nodes) {
      this.#nodes.set(node.key, node);
    }
  }

  /** What is known of a side: undefined when it was never asked for. */
  neighbours(key: string, direction: Direction): Neighbours | undefined {
    return this.#neighbours.get(sideOf(key, direction));
  }

  isOpen(key: string, direction: Direction): boolean {
    return this.#open.has(sideOf(key, direction));
  }

  setOpen(key: string, direction: Direction, open: boolean): void {
    if (open) {
      this.#open.add(sideOf(key, direction));
    } else {
      this.#open.delete(sideOf(key, direction));
    }
  }

  get opened(): [string, Direction][] {
    return [...this.#open].map((side) => {
      const direction = side.startsWith("in ") ? "in" : "out";
      return [side.slice(direction.length + 1), direction];
    });
  }

  /** What the root's open sides lead to, and the sides of those, and so on. Each edge once. */
  visible(): Visible {
    const reached = new Set([this.#root]);
    const edges = new Map<string, { source: string; target: string }>();
    for (const key of reached) {
      for (const direction of ["in", "out"] as const) {
        const neighbours = this.isOpen(key, direction) ? this.neighbours(key, direction) : undefined;
        for (const edge of neighbours?.edges ?? []) {
          edges.set(`${edge.source} ${edge.target}`, edge);
          reached.add(edge.source).add(edge.target);
        }
      }
    }
    const nodes = [...reached].flatMap((key) => this.#nodes.get(key) ?? []);
    return { nodes, edges: [...edges.values()] };
  }
}

function sideOf(key: string, direction: Direction): string {
  return `${direction} ${key}`;
}
