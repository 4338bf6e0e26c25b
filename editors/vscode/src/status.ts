// The item in the status bar, and its menu.
import * as vscode from "vscode";
import type { Service } from "./service";
import { shown } from "./statusText";

export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("magellan.status", vscode.StatusBarAlignment.Left, 0);
  readonly #listener: vscode.Disposable;

  constructor(service: Service) {
    this.#item.name = "Magellan";
    this.#item.command = "magellan.menu";
    this.#listener = service.onDidChange(() => {
      this.#update(service);
    });
    this.#update(service);
    this.#item.show();
  }

  #update(service: Service): void {
    const { text, detail, level } = shown(service);
    this.#item.text = text;
    this.#item.tooltip = detail;
    this.#item.accessibilityInformation = { label: `Magellan: ${detail}`, role: "button" };
    this.#item.backgroundColor =
      level === "ok" ? undefined : new vscode.ThemeColor(`statusBarItem.${level}Background`);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#item.dispose();
  }
}

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

/** What can be done, most wanted first. */
export async function menu(service: Service): Promise<void> {
  const running = service.phase === "running";
  const entry = (label: string, command: string): Entry => ({ label, command });
  const line = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const entries = running
    ? [
        entry("$(type-hierarchy-sub) Show Control Flow of This Function", "magellan.showCfg"),
        entry("$(references) Show Call Graph", "magellan.showCallGraph"),
        entry("$(graph) Show Metrics and Hotspots", "magellan.showMetrics"),
        entry("$(search) Find Dead Code", "magellan.findDeadCode"),
        entry("$(git-compare) Find Paths between Two Symbols...", "magellan.findPaths"),
        entry("$(flame) Show Impact of Uncommitted Changes", "magellan.showImpact"),
        line("Index"),
        entry("$(info) Show Index Status", "magellan.showStatus"),
        service.progress.size > 0
          ? entry("$(debug-pause) Stop Indexing", "magellan.cancelIndexing")
          : entry("$(refresh) Re-index", "magellan.reindex"),
        line("Server"),
        entry("$(debug-restart) Restart Server", "magellan.restart"),
        entry("$(debug-stop) Stop Server", "magellan.stop"),
      ]
    : [
        entry("$(debug-start) Start Server", "magellan.restart"),
        entry("$(cloud-download) Install Server in a Private Environment", "magellan.install"),
        entry("$(folder-opened) Choose the Server's Program...", "magellan.chooseServer"),
      ];
  entries.push(
    entry("$(output) Show Output", "magellan.showOutput"),
    entry("$(gear) Open Settings", "magellan.openSettings"),
  );
  const chosen = await vscode.window.showQuickPick(entries, {
    title: "Magellan",
    placeHolder: shown(service).detail,
  });
  if (chosen?.command !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
