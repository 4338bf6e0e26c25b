// The panel with a function's control flow. A click on a block selects its source; the cursor marks its block.
import * as vscode from "vscode";
import type { Service } from "../service";
import type { Block, Cfg, SymbolChoice } from "../protocol";
import { atCursor, open, toRange } from "../places";
import { askAbout, choiceOf, functionAround } from "../questions";
import type { FromPanel, ToCfgPanel } from "./messages";
import { Panel } from "./panel";

const REFRESH_MS = 400;

export class CfgPanel implements vscode.Disposable {
  readonly #service: Service;
  readonly #extension: vscode.Uri;
  readonly #listeners: vscode.Disposable[];
  #panel: Panel<ToCfgPanel> | undefined;
  #choice: SymbolChoice | undefined;
  #cfg: Cfg | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(service: Service, extension: vscode.Uri) {
    this.#service = service;
    this.#extension = extension;
    this.#listeners = [
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections: [selection] }) => {
        this.#mark(textEditor.document.uri, selection?.active);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#edited(document.uri);
      }),
    ];
  }

  /** Show the function around the cursor. */
  async show(): Promise<void> {
    const here = atCursor();
    // An anonymous function has no name to ask about; the place itself then means the innermost one around it.
    const choice = here && ((await functionAround(this.#service, here)) ?? here);
    const cfg = choice && (await this.#ask(choice));
    if (!cfg) {
      void vscode.window.showInformationMessage("There is no function at the cursor.");
      return;
    }
    this.#choice = choice;
    this.#panel ??= this.#make();
    this.#set(cfg);
    this.#panel.reveal();
  }

  #ask(choice: SymbolChoice): Promise<Cfg | undefined> {
    return askAbout<Cfg>(this.#service, "magellan/cfg", choice, { picture: "svg" });
  }

  #make(): Panel<ToCfgPanel> {
    const panel = new Panel<ToCfgPanel>(this.#extension, "cfg", "Control Flow", (message) => {
      this.#handle(message);
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#cfg = undefined;
    });
    return panel;
  }

  #handle(message: FromPanel): void {
    if (message.type === "ready" && this.#cfg) {
      this.#set(this.#cfg);
    } else if (message.type === "open") {
      const block = this.#cfg?.blocks.find(({ id }) => String(id) === message.key);
      if (block) {
        void open(block, "all");
      }
    }
  }

  #set(cfg: Cfg): void {
    this.#cfg = cfg;
    const name = cfg.name || "an anonymous function";
    if (this.#panel) {
      this.#panel.title = `Control Flow of ${name}`;
      this.#panel.send({
        type: "show",
        title: name,
        note: `${cfg.symbol?.displayFqn ?? name}: ${cfg.blocks.length} blocks, cyclomatic complexity ${cfg.cyclomatic}`,
        svg: cfg.picture ?? "",
      });
    }
    const editor = vscode.window.activeTextEditor;
    this.#mark(editor?.document.uri, editor?.selection.active);
  }

  /** Highlight the innermost block around the cursor. */
  #mark(uri: vscode.Uri | undefined, position: vscode.Position | undefined): void {
    if (!this.#cfg || !position) {
      return;
    }
    let best: Block | undefined;
    for (const block of this.#cfg.blocks) {
      const range = toRange(block.range);
      const inside = sameFile(block.uri, uri) && range.contains(position) && !range.isEmpty;
      if (inside && (!best || toRange(best.range).contains(range))) {
        best = block;
      }
    }
    this.#panel?.send({ type: "select", block: best && String(best.id) });
  }

  /** Follow edits of the file, once they pause. */
  #edited(uri: vscode.Uri): void {
    const shown = this.#cfg?.uri;
    const choice = this.#choice;
    if (shown === undefined || !sameFile(shown, uri) || !choice) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // An edit can leave nothing to draw for a moment; the picture then stays as it was.
      // By its id a function is found also where lines before it were added, and one without an id by its place.
      const symbol = this.#cfg?.symbol;
      void this.#ask(symbol ? choiceOf(symbol) : choice).then(
        (cfg) => {
          if (cfg) {
            this.#set(cfg);
          } else {
            this.#panel?.send({ type: "note", note: "The function is not there any more." });
          }
        },
        () => undefined,
      );
    }, REFRESH_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    vscode.Disposable.from(...this.#listeners).dispose();
    this.#panel?.dispose();
  }
}

/** Whether a URI of the server's names a file of VS Code's; the two may escape characters differently. */
function sameFile(uri: string, file: vscode.Uri | undefined): boolean {
  return vscode.Uri.parse(uri).toString() === file?.toString();
}
