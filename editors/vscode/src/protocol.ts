// The server's requests beyond LSP, as docs/lsp-extensions.md describes them. Ranges are LSP's, in UTF-16.
import type { Range } from "vscode-languageclient/node";

export interface Place {
  uri: string;
  range: Range;
}

export interface MagellanSymbol extends Place {
  /** Null for what is local to a function. */
  id: string | null;
  name: string;
  fqn: string | null;
  displayFqn: string;
  kind: string;
  language: string;
  selectionRange: Range;
}

export interface At {
  textDocument: { uri: string };
  position: { line: number; character: number };
}

/** How one symbol is chosen: by a place, or by its name or id. */
export type SymbolChoice = At | { symbol: string; folder?: string };

export interface Status {
  health: "ok" | "warning" | "error";
  quiescent: boolean;
  message: string | null;
  version: string;
  pid: number;
  uptimeSeconds: number;
  positionEncoding: string;
  openDocuments: number;
  folders: FolderStatus[];
}

export interface FolderStatus {
  uri: string;
  name: string;
  phase: "waiting" | "indexing" | "ready" | "trouble";
  step: string;
  done: number;
  total: number;
  message: string | null;
  generation?: number;
  files?: number;
  symbols?: number;
}

export type ServerStatus = Pick<Status, "health" | "quiescent" | "message">;

export interface Chunk extends Place {
  symbol: MagellanSymbol | null;
  kind: string;
  name: string;
  /** Null when it is no text, or not kept. */
  content: string | null;
  stale: boolean;
}

export interface Block extends Place {
  id: number;
  kind: string;
  reachable: boolean;
}

export interface Cfg extends Place {
  /** Null for an anonymous function. */
  symbol: MagellanSymbol | null;
  name: string;
  cyclomatic: number;
  blocks: Block[];
  picture?: string;
}

export interface CallGraph {
  root: string;
  nodes: MagellanSymbol[];
  edges: { source: string; target: string; kind: string }[];
  truncated: boolean;
}

/** Numbers of a symbol or file; which ones there are depends on the request. */
export type Numbers = Record<string, unknown>;

export interface Metrics {
  file: Numbers | null;
  symbols: (Numbers & { symbol: MagellanSymbol })[];
}

export type HotspotOrder = "complexity" | "churn" | "fanIn" | "fanOut" | "loc";

export interface Hotspots {
  hotspots: (Numbers & { symbol?: MagellanSymbol; /** Its URI. */ file?: string; score: number })[];
  /** Files that are left out since they have not been measured yet. */
  unmeasured: number;
  truncated: boolean;
}

export interface DeadCode {
  entryPointCount: number;
  dead: (MagellanSymbol & { reason: string })[];
  deadCount: number;
  truncated: boolean;
}

export interface Paths {
  paths: MagellanSymbol[][];
  truncated: boolean;
}

export interface Impact {
  changed: MagellanSymbol[];
  affected: (MagellanSymbol & { depth: number })[];
  files: string[];
  removedFiles: string[];
  truncated: boolean;
}
