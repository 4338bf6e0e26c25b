// All commands but those of the tree views' own.
import * as vscode from "vscode";
import type { Chunk, Place, Status } from "./protocol";
import { currentFolder, open, toRange } from "./places";
import type { Reports } from "./reports";
import { type Service, wordsOf } from "./service";
import { count } from "./views/tree";

/** Register a command that tells the person when it fails, and waits for a server that is starting. */
export function command(
  service: Service,
  id: string,
  run: (...args: never[]) => Promise<unknown>,
): vscode.Disposable {
  return vscode.commands.registerCommand(`magellan.${id}`, async (...args: never[]) => {
    try {
      return await run(...args);
    } catch (error) {
      const words = wordsOf(error);
      if (words !== undefined) {
        const actions = service.phase === "running" ? [] : ["Start Server"];
        void vscode.window.showErrorMessage(`Magellan: ${words}`, ...actions).then((chosen) => {
          if (chosen !== undefined) {
            void vscode.commands.executeCommand("magellan.restart");
          }
        });
      }
      return undefined;
    }
  });
}

export function registerCommands(
  service: Service,
  reports: Reports,
  output: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const on = (id: string, run: (...args: never[]) => Promise<unknown>): vscode.Disposable =>
    command(service, id, run);
  return [
    on("restart", () => service.restart()),
    on("stop", () => service.stop()),
    on("install", () => service.install()),
    on("chooseServer", () => service.choose()),
    on("cancelIndexing", () => service.cancelIndexing()),
    on("reindex", () => service.ask("magellan/reindex", {})),
    on("showStatus", async () => {
      await reports.show(
        "Index Status",
        shownStatus(await service.ask<Status>("magellan/status", {}), service),
      );
    }),
    on("showOutput", () => {
      output.show();
      return Promise.resolve();
    }),
    on("openSettings", async () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:magellan-lsp.magellan-lsp"),
    ),
    on("openPlace", (place: Place) => open(place)),
    on("copyChunk", () => copyChunk(service)),
    on("migrate", () => migrate(service, reports)),
    on("showMigration", () => showMigration(service, reports)),
  ];
}

function shownStatus({ folders, ...server }: Status, service: Service): object {
  return {
    ...server,
    program: service.found?.program,
    folders: folders.map(({ uri, name, phase, step, done, total, ...rest }) => ({
      folder: `${name} (${vscode.Uri.parse(uri).fsPath})`,
      phase: phase === "indexing" ? `indexing: ${step}, ${done} of ${total}` : phase,
      ...rest,
    })),
  };
}

/** Copy the source of the innermost symbol around the cursor or the selection. */
async function copyChunk(service: Service): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage("No file is open.");
    return;
  }
  const { document, selection } = editor;
  const textDocument = { uri: document.uri.toString() };
  const result = await service.ask<{ chunks: Chunk[] } | null>("magellan/chunks", { textDocument });
  const around = (result?.chunks ?? []).filter((chunk) => toRange(chunk.range).contains(selection));
  // Of symbols that lie inside each other the inner one comes later.
  const chunk = around.at(-1);
  if (typeof chunk?.content !== "string") {
    void vscode.window.showInformationMessage("There is no symbol at the cursor.");
    return;
  }
  await vscode.env.clipboard.writeText(chunk.content);
  const name = chunk.symbol?.displayFqn ?? chunk.name;
  void vscode.window.setStatusBarMessage(
    `Copied ${name} (${count(chunk.content.trimEnd().split("\n").length, "line")})`,
    5000,
  );
}

async function migrate(service: Service, reports: Reports): Promise<void> {
  const { folder } = currentFolder();
  const [input] =
    (await vscode.window.showOpenDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.parse(folder) }),
      title: "The Magellan index to migrate",
      openLabel: "Migrate",
      filters: { "Magellan index": ["db", "sqlite", "sqlite3"], "All files": ["*"] },
    })) ?? [];
  if (!input) {
    return;
  }
  const options = { location: vscode.ProgressLocation.Notification, title: "Migrating a Magellan index" };
  const report = await vscode.window.withProgress(options, async () =>
    service.ask<object | null>("magellan/migrate", { ...currentFolder(), input: input.fsPath }),
  );
  if (report) {
    await reports.show("Migration", report);
  } else {
    void vscode.window.showWarningMessage(`${input.fsPath} is no Magellan index.`);
  }
}

async function showMigration(service: Service, reports: Reports): Promise<void> {
  const report = await service.ask<object | null>("magellan/migration", currentFolder());
  if (report) {
    await reports.show("Migration", report);
  } else {
    void vscode.window.showInformationMessage("Nothing was migrated in this folder.");
  }
}
