// The page of the control-flow panel: the server's picture, with boxes that can be chosen.
import type { ToCfgPanel } from "../panels/messages";
import { area, listen, note, onChosen, tell, Viewport } from "./page";

const viewport = new Viewport();
let shown = "";

listen((said) => {
  const message = said as ToCfgPanel;
  switch (message.type) {
    case "show":
      note(message.svg === "" ? `${message.note} (the server sent no picture)` : message.note);
      show(message.svg, message.title !== shown);
      shown = message.title;
      break;
    case "select":
      select(message.block);
      break;
    case "note":
      note(message.note);
      break;
  }
});

onChosen((box) => {
  tell({ type: "open", key: box.getAttribute("data-key") ?? "" });
});

/** Put the picture in, without anything in it that could run or load, and coloured by the page's own style sheet. */
function show(text: string, fit: boolean): void {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!(parsed instanceof SVGSVGElement)) {
    area.replaceChildren();
    return;
  }
  for (const element of parsed.querySelectorAll("script, style, foreignObject, a, image, use, iframe")) {
    element.remove();
  }
  for (const element of [parsed, ...parsed.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) {
      if (name === "style" || name.startsWith("on") || name.endsWith("href")) {
        element.removeAttribute(name);
      }
    }
  }
  for (const box of parsed.querySelectorAll(".node[data-id]")) {
    box.setAttribute("data-key", box.getAttribute("data-id") ?? "");
    box.setAttribute("role", "button");
    box.setAttribute("tabindex", "0");
  }
  const { width, height } = parsed.viewBox.baseVal;
  viewport.put(document.importNode(parsed, true), width, height);
  if (fit) {
    viewport.fit();
  }
}

function select(block: string | undefined): void {
  for (const box of area.querySelectorAll(".node")) {
    const selected = block !== undefined && box.getAttribute("data-key") === block;
    box.classList.toggle("mg-selected", selected);
    if (selected) {
      box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}
