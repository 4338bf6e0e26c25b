// What the panels and the extension say to each other.

export type Direction = "in" | "out";

/** A box of the call graph. */
export interface GraphNode {
  /** Names the symbol between the panel and the extension. */
  key: string;
  name: string;
  kind: string;
  /** File and line, for people. */
  where: string;
  title: string;
}

/** Callers or callees of one symbol. Edges go from caller to callee. */
export interface Neighbours {
  of: string;
  direction: Direction;
  nodes: GraphNode[];
  edges: { source: string; target: string }[];
  truncated: boolean;
}

export type ToCfgPanel =
  | { type: "show"; title: string; note: string; svg: string }
  | { type: "select"; block: string | undefined }
  | { type: "note"; note: string };

export type ToCallGraphPanel =
  | { type: "show"; root: GraphNode; neighbours: Neighbours[]; expand: [string, Direction][] }
  | { type: "add"; neighbours: Neighbours }
  | { type: "note"; note: string };

export type FromPanel =
  | { type: "ready" }
  | { type: "open"; key: string }
  | { type: "expand"; key: string; direction: Direction }
  | { type: "state"; expanded: [string, Direction][] };
