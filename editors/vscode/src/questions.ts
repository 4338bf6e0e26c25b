// Questions about one symbol, wherever it is named: at the cursor, by its id, or chosen from a list.
import * as vscode from "vscode";
import { type Range, ResponseError, SymbolKind } from "vscode-languageclient/node";
import { folderOf, shortPath, toRange } from "./places";
import type { At, MagellanSymbol, SymbolChoice } from "./protocol";
import type { Service } from "./service";

/**
 * Ask about one symbol. A name that fits several is settled by asking the person.
 *
 * @returns undefined when there is no such symbol, or none was chosen
 */
export async function askAbout<R>(
  service: Service,
  method: string,
  choice: SymbolChoice,
  more: object = {},
): Promise<R | undefined> {
  try {
    return (await service.ask<R | null>(method, { ...choice, ...more })) ?? undefined;
  } catch (error) {
    const chosen = await settle(error);
    if (chosen === "not ambiguous") {
      throw error;
    }
    return chosen ? askAbout(service, method, choiceOf(chosen), more) : undefined;
  }
}

/** A symbol that the server named, as a choice: by its id, or by its place where it has none. */
export function choiceOf(symbol: MagellanSymbol): SymbolChoice {
  return symbol.id === null
    ? { textDocument: { uri: symbol.uri }, position: symbol.selectionRange.start }
    : { symbol: symbol.id, ...folderOf(symbol.uri) };
}

interface DocumentSymbol {
  kind: SymbolKind;
  range: Range;
  selectionRange: Range;
  children?: DocumentSymbol[];
}

const CALLABLE: ReadonlySet<SymbolKind> = new Set([
  SymbolKind.Function,
  SymbolKind.Method,
  SymbolKind.Constructor,
  SymbolKind.Operator,
]);

/** The name of the innermost function around a place, as a choice; undefined outside of all functions. */
export async function functionAround(
  service: Service,
  { textDocument, position }: At,
): Promise<At | undefined> {
  const here = new vscode.Position(position.line, position.character);
  const inside = (symbols: DocumentSymbol[]): DocumentSymbol | undefined => {
    for (const symbol of symbols) {
      if (toRange(symbol.range).contains(here)) {
        return inside(symbol.children ?? []) ?? (CALLABLE.has(symbol.kind) ? symbol : undefined);
      }
    }
    return undefined;
  };
  const symbols = await service.request<DocumentSymbol[] | null>("textDocument/documentSymbol", {
    textDocument,
  });
  const found = inside(symbols ?? []);
  return found && { textDocument, position: found.selectionRange.start };
}

async function settle(error: unknown): Promise<MagellanSymbol | undefined | "not ambiguous"> {
  const data =
    error instanceof ResponseError ? (error.data as { candidates?: MagellanSymbol[] } | null) : null;
  if (!data?.candidates) {
    return "not ambiguous";
  }
  const items = data.candidates.map((symbol) => ({
    label: symbol.name,
    description: `${symbol.kind} ${symbol.displayFqn}`,
    detail: `${shortPath(symbol.uri)}:${symbol.selectionRange.start.line + 1}`,
    symbol,
  }));
  return (await vscode.window.showQuickPick(items, { title: "Which one?", matchOnDescription: true }))
    ?.symbol;
}

interface WorkspaceSymbol {
  name: string;
  containerName?: string;
  location: { uri: string; range?: At["position"] & { start: At["position"] } };
}

interface Pick extends vscode.QuickPickItem {
  place?: SymbolChoice;
  symbol?: WorkspaceSymbol;
}

/**
 * Let the person choose a symbol of the workspace by typing parts of its name.
 *
 * @param here offered first, as "the symbol at the cursor"
 */
export async function pickSymbol(
  service: Service,
  title: string,
  here: At | undefined,
): Promise<SymbolChoice | undefined> {
  const picker = vscode.window.createQuickPick<Pick>();
  picker.title = title;
  picker.placeholder = "Type a part of the name";
  picker.matchOnDescription = true;
  const first: Pick[] = here
    ? [{ label: "$(location) The symbol at the cursor", alwaysShow: true, place: here }]
    : [];
  picker.items = first;
  let latest = 0;
  const search = async (query: string): Promise<void> => {
    const mine = (latest += 1);
    picker.busy = true;
    const found = query
      ? await service.request<WorkspaceSymbol[] | null>("workspace/symbol", { query }).catch(() => [])
      : [];
    if (mine === latest) {
      picker.busy = false;
      picker.items = [
        ...(query ? [] : first),
        ...(found ?? []).map((symbol) => ({
          label: symbol.name,
          description: symbol.containerName ?? "",
          detail: shortPath(symbol.location.uri),
          // The server has already chosen what fits; VS Code would drop what it matches otherwise.
          alwaysShow: true,
          symbol,
        })),
      ];
    }
  };
  picker.onDidChangeValue((query) => void search(query.trim()));
  const chosen = await new Promise<Pick | undefined>((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
    picker.show();
  });
  picker.dispose();
  return chosen?.symbol ? placeOf(service, chosen.symbol) : chosen?.place;
}

/** The place of a listed symbol, which the server may leave out of the list until it is asked for. */
async function placeOf(service: Service, symbol: WorkspaceSymbol): Promise<SymbolChoice> {
  const whole = symbol.location.range
    ? symbol
    : await service.request<WorkspaceSymbol>("workspaceSymbol/resolve", symbol);
  return {
    textDocument: { uri: whole.location.uri },
    position: whole.location.range?.start ?? { line: 0, character: 0 },
  };
}
