// A panel whose page runs one script of ours and can load or send nothing else.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromPanel } from "./messages";

export class Panel<Message> implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly onDidDispose: vscode.Event<void>;

  /**
   * @param script name of the script in dist/webview, without its ending
   * @param handle told what the page says
   */
  constructor(extension: vscode.Uri, script: string, title: string, handle: (message: FromPanel) => void) {
    const files = vscode.Uri.joinPath(extension, "dist", "webview");
    this.#panel = vscode.window.createWebviewPanel(
      `magellan.${script}`,
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [files], enableFindWidget: true },
    );
    this.#panel.iconPath = vscode.Uri.joinPath(extension, "media", "icon.png");
    this.onDidDispose = this.#panel.onDidDispose;
    const { webview } = this.#panel;
    webview.onDidReceiveMessage(handle);
    webview.html = page(webview, files, script);
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  set title(title: string) {
    this.#panel.title = title;
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /** What is sent while the page is hidden is lost; the page says "ready" whenever it is there again. */
  send(message: Message): void {
    void this.#panel.webview.postMessage(message);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

function page(webview: vscode.Webview, files: vscode.Uri, script: string): string {
  const nonce = randomBytes(16).toString("base64");
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(files, name)).toString();
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" nonce="${nonce}" href="${uri("panel.css")}">
</head>
<body>
<header>
<span id="note" role="status"></span>
<button type="button" id="smaller" title="Smaller" aria-label="Smaller">−</button>
<button type="button" id="larger" title="Larger" aria-label="Larger">+</button>
<button type="button" id="fit" title="Show the whole picture">Fit</button>
</header>
<main id="picture" tabindex="0" aria-label="Picture"></main>
<script nonce="${nonce}" src="${uri(`${script}.js`)}"></script>
</body>
</html>
`;
}
