// What both panels share: talking to the extension, and a picture that can be zoomed and dragged.
import type { FromPanel } from "../panels/messages";

const api = acquireVsCodeApi();

export function tell(message: FromPanel): void {
  api.postMessage(message);
}

/** Handle what the extension says; it is told that the page is there. */
export function listen(handle: (message: unknown) => void): void {
  window.addEventListener("message", ({ data }) => {
    handle(data);
  });
  tell({ type: "ready" });
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`There is no #${id}.`);
  }
  return found;
}

export const area = byId("picture");

export function note(text: string): void {
  byId("note").textContent = text;
}

const SMALLEST = 0.1;
const LARGEST = 4;

/** A picture in the area, in its natural size until the person zooms. */
export class Viewport {
  #svg: SVGSVGElement | undefined;
  #width = 0;
  #height = 0;
  #scale = 1;

  constructor() {
    const centre = (): [number, number] => [area.clientWidth / 2, area.clientHeight / 2];
    byId("larger").addEventListener("click", () => {
      this.#zoom(1.25, ...centre());
    });
    byId("smaller").addEventListener("click", () => {
      this.#zoom(0.8, ...centre());
    });
    byId("fit").addEventListener("click", () => {
      this.fit();
    });
    area.addEventListener(
      "wheel",
      (event) => {
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          const { left, top } = area.getBoundingClientRect();
          this.#zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
        }
      },
      { passive: false },
    );
    this.#drag();
  }

  /** Put a picture in; it keeps the zoom. Sizes are in pixels. */
  put(svg: SVGSVGElement, width: number, height: number): void {
    this.#svg = svg;
    this.#width = width;
    this.#height = height;
    area.replaceChildren(svg);
    this.#resize();
  }

  /** Show the whole picture, enlarged no further than its natural size. */
  fit(): void {
    const fitting = Math.min((area.clientWidth - 8) / this.#width, (area.clientHeight - 8) / this.#height, 1);
    this.#scale = Math.max(SMALLEST, fitting);
    this.#resize();
  }

  /** Scroll so that a point of the picture is in the middle. */
  centre(x: number, y: number): void {
    area.scrollTo(x * this.#scale - area.clientWidth / 2, y * this.#scale - area.clientHeight / 2);
  }

  #zoom(factor: number, x: number, y: number): void {
    const before = this.#scale;
    this.#scale = Math.min(LARGEST, Math.max(SMALLEST, before * factor));
    const ratio = this.#scale / before;
    const [left, top] = [(area.scrollLeft + x) * ratio - x, (area.scrollTop + y) * ratio - y];
    this.#resize();
    area.scrollTo(left, top);
  }

  #resize(): void {
    this.#svg?.setAttribute("width", String(this.#width * this.#scale));
    this.#svg?.setAttribute("height", String(this.#height * this.#scale));
  }

  #drag(): void {
    let from: { x: number; y: number; left: number; top: number } | undefined;
    area.addEventListener("pointerdown", (event) => {
      const onBox = event.target instanceof Element && event.target.closest("[tabindex='0']:not(main)");
      if (event.button === 0 && !onBox) {
        from = { x: event.clientX, y: event.clientY, left: area.scrollLeft, top: area.scrollTop };
        area.setPointerCapture(event.pointerId);
      }
    });
    area.addEventListener("pointermove", (event) => {
      if (from) {
        area.scrollTo(from.left + from.x - event.clientX, from.top + from.y - event.clientY);
      }
    });
    const end = (): void => {
      from = undefined;
    };
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
  }
}

/** Do something when a box is clicked, or chosen with Enter or Space. */
export function onChosen(handle: (box: Element, target: Element) => void): void {
  const chosen = (event: Event): boolean => {
    const target = event.target instanceof Element ? event.target : undefined;
    const box = target?.closest("[data-key]");
    if (target && box) {
      handle(box, target);
    }
    return box !== null && box !== undefined;
  };
  area.addEventListener("click", chosen);
  area.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && chosen(event)) {
      event.preventDefault();
    }
  });
}
