// Says once, for each window, that a folder's Magellan index was taken over when it was opened.
import * as vscode from "vscode";
import type { Service } from "./service";

export function migrationNotice(service: Service): vscode.Disposable {
  const told = new Set<string>();
  const look = async (): Promise<void> => {
    if (service.phase !== "running" || !service.status?.quiescent || !service.offers("magellan/migration")) {
      return;
    }
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = folder.uri.toString();
      if (told.has(uri)) {
        continue;
      }
      told.add(uri);
      const report = await service.ask<object | null>("magellan/migration", { folder: uri });
      if (report) {
        const SHOW = "Show Report";
        void vscode.window
          .showInformationMessage(
            `The Magellan index of ${folder.name} was migrated; the original is untouched.`,
            SHOW,
          )
          .then((chosen) => {
            if (chosen === SHOW) {
              void vscode.commands.executeCommand("magellan.showMigration");
            }
          });
      }
    }
  };
  return service.onDidChange(() => {
    // It is only a notice; whatever keeps it from being shown shows elsewhere.
    look().catch(() => undefined);
  });
}
