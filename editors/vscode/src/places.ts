// From the server's places to VS Code's, and to the place where the person is.
import * as vscode from "vscode";
import type { Range } from "vscode-languageclient/node";
import type { At, Place } from "./protocol";

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The place of the cursor as a choice of a symbol; undefined when no file is open. */
export function atCursor(): At | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && at(editor.document.uri, editor.selection.active);
}

export function at(uri: vscode.Uri, position: vscode.Position): At {
  return {
    textDocument: { uri: uri.toString() },
    position: { line: position.line, character: position.character },
  };
}

/** The workspace folder that whole-graph questions are about: that of the file in the editor, else the first. */
export function currentFolder(): { folder?: string } {
  const editor = vscode.window.activeTextEditor;
  const folder =
    (editor && vscode.workspace.getWorkspaceFolder(editor.document.uri)) ??
    vscode.workspace.workspaceFolders?.[0];
  return folder ? { folder: folder.uri.toString() } : {};
}

/** The workspace folder that has a file. */
export function folderOf(uri: string): { folder?: string } {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri));
  return folder ? { folder: folder.uri.toString() } : {};
}

/** Show a place in a text editor, in the column of the one that has the file already, if any. */
export async function open({ uri, range }: Place, select: "start" | "all" = "start"): Promise<void> {
  const target = vscode.Uri.parse(uri);
  const visible = vscode.window.visibleTextEditors.find(
    (one) => one.document.uri.toString() === target.toString(),
  );
  const whole = toRange(range);
  await vscode.window.showTextDocument(target, {
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    selection: select === "all" ? whole : new vscode.Range(whole.start, whole.start),
  });
}

/** A file's path as people know it here. */
export function shortPath(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
