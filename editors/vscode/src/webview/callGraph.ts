// The page of the call-graph panel: boxes laid out from callers (left) to callees (right).
import { Graph, layout } from "@dagrejs/dagre";
import type { Direction, GraphNode, ToCallGraphPanel } from "../panels/messages";
import { GraphState } from "./graphState";
import { listen, note, onChosen, tell, Viewport } from "./page";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 40;
const PADDING = 12;
const HANDLE = 9;
const MARGIN = 24;

const viewport = new Viewport();
const measure = document.createElement("canvas").getContext("2d");
let state: GraphState | undefined;

listen((said) => {
  const message = said as ToCallGraphPanel;
  switch (message.type) {
    case "show":
      state = new GraphState(message.root);
      for (const neighbours of message.neighbours) {
        state.add(neighbours);
      }
      for (const [key, direction] of message.expand) {
        state.setOpen(key, direction, true);
      }
      draw(state);
      viewport.fit();
      break;
    case "add":
      if (state) {
        state.add(message.neighbours);
        draw(state);
      }
      break;
    case "note":
      note(message.note);
      break;
  }
});

onChosen((box, target) => {
  const key = box.getAttribute("data-key") ?? "";
  const direction = target.closest("[data-side]")?.getAttribute("data-side");
  if (direction === "in" || direction === "out") {
    toggle(key, direction);
  } else {
    tell({ type: "open", key });
  }
});

function toggle(key: string, direction: Direction): void {
  if (!state) {
    return;
  }
  const open = !state.isOpen(key, direction);
  state.setOpen(key, direction, open);
  tell({ type: "state", expanded: state.opened });
  if (open && !state.neighbours(key, direction)) {
    tell({ type: "expand", key, direction });
  } else {
    draw(state);
  }
}

function draw(graph: GraphState): void {
  const { nodes, edges } = graph.visible();
  const root = nodes.find(({ key }) => key === graph.root);
  const placed = new Graph({ multigraph: false });
  placed.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 56, marginx: MARGIN, marginy: MARGIN });
  placed.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    placed.setNode(node.key, { width: widthOf(node), height: HEIGHT });
  }
  for (const { source, target } of edges) {
    placed.setEdge(source, target);
  }
  layout(placed);
  const { width = 0, height = 0 } = placed.graph() as { width?: number; height?: number };
  const svg = element("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "group",
    "aria-label": `Calls of ${root?.name ?? ""}`,
  });
  for (const edge of placed.edges()) {
    const points = (placed.edge(edge) as { points?: Point[] }).points ?? [];
    svg.append(arrow(points));
  }
  for (const node of nodes) {
    svg.append(box(graph, node, placed.node(node.key) as Box));
  }
  viewport.put(svg as SVGSVGElement, width, height);
  const parts = (["in", "out"] as const).map((direction) => sideWords(graph, direction));
  note(`${root?.title ?? ""}: ${parts.join(", ")}`);
}

function sideWords(graph: GraphState, direction: Direction): string {
  const side = graph.neighbours(graph.root, direction);
  const number = new Set(side?.nodes.map(({ key }) => key)).size;
  const noun = direction === "in" ? "caller" : "callee";
  return `${side?.truncated ? "at least " : ""}${number} ${noun}${number === 1 ? "" : "s"}`;
}

interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
  height: number;
}

function widthOf({ name, where }: GraphNode): number {
  if (!measure) {
    return 160;
  }
  const font = getComputedStyle(document.body).fontFamily;
  measure.font = `600 13px ${font}`;
  const first = measure.measureText(name).width;
  measure.font = `11px ${font}`;
  return Math.ceil(Math.max(first, measure.measureText(where).width)) + 2 * PADDING + 2 * HANDLE;
}

function box(graph: GraphState, node: GraphNode, { x, y, width, height }: Box): Element {
  const group = element("g", {
    class: node.key === graph.root ? "call root" : "call",
    transform: `translate(${x - width / 2} ${y - height / 2})`,
    "data-key": node.key,
    tabindex: "0",
    role: "button",
    "aria-label": node.title,
  });
  const title = element("title", {});
  title.textContent = node.title;
  const name = element("text", { x: PADDING + HANDLE, y: 17, class: "name" });
  name.textContent = node.name;
  const place = element("text", { x: PADDING + HANDLE, y: 32, class: "where" });
  place.textContent = node.where;
  group.append(title, element("rect", { width, height, rx: 4 }), name, place);
  group.append(handle(graph, node, "in", 0, height / 2), handle(graph, node, "out", width, height / 2));
  return group;
}

/** The button on a side of a box that opens and closes that side; nothing where nothing is on that side. */
function handle(graph: GraphState, node: GraphNode, side: Direction, x: number, y: number): Element {
  const known = graph.neighbours(node.key, side);
  const open = graph.isOpen(node.key, side);
  const group = element("g", { "data-side": side, class: "handle", transform: `translate(${x} ${y})` });
  if (known?.nodes.length === 0) {
    return group;
  }
  const words = `${open ? "Hide" : "Show"} ${side === "in" ? "callers" : "callees"} of ${node.name}`;
  for (const [name, value] of Object.entries({ tabindex: "0", role: "button", "aria-label": words })) {
    group.setAttribute(name, value);
  }
  const title = element("title", {});
  title.textContent = words;
  group.append(
    title,
    element("circle", { r: HANDLE }),
    element("path", { d: open ? "M-4 0H4" : "M-4 0H4M0 -4V4" }),
  );
  return group;
}

function arrow(points: Point[]): Element {
  const group = element("g", { class: "edge" });
  const [first, ...rest] = points;
  const last = points.at(-1);
  if (!first || !last) {
    return group;
  }
  const before = points.at(-2) ?? first;
  const ends = rest.map((point, index) => {
    const from = points[index] ?? first;
    const middle = (from.x + point.x) / 2;
    return `C${middle} ${from.y} ${middle} ${point.y} ${point.x} ${point.y}`;
  });
  const way = last.x >= before.x ? 1 : -1;
  const head = `M${last.x - 7 * way} ${last.y - 4}L${last.x} ${last.y}L${last.x - 7 * way} ${last.y + 4}Z`;
  group.append(element("path", { class: "line", d: `M${first.x} ${first.y}${ends.join("")}` }));
  group.append(element("path", { class: "head", d: head }));
  return group;
}

function element(name: string, attributes: Record<string, string | number>): Element {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, String(value));
  }
  return made;
}
