// The language client: what it tells the server of itself, and where it differs from the library's own.
import * as vscode from "vscode";
import {
  type ClientCapabilities,
  type DynamicFeature,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
  TransportKind,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import { LANGUAGES } from "./languages";
import { forServer } from "./settings";

export type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** Extensions of LSP that this client takes part in. */
class Extensions implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      serverStatusNotification: true,
      magellan: { graphChanged: true },
    };
  }

  initialize(): void {
    // nothing to set up
  }

  getState(): { kind: "static" } {
    return { kind: "static" };
  }

  clear(): void {
    // nothing to take down
  }
}

class MagellanClient extends LanguageClient {
  /**
   * Each of the server's commands is a request as well, and this extension sends it as one. Were they registered with VS
   * Code too, a second client in the same window (another version of this extension, say) could not start: a command
   * can be registered only once.
   */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method) {
      return;
    }
    super.registerFeature(feature);
  }
}

/**
 * One client for all folders of the window.
 *
 * @param onProgress told how far indexing is; VS Code is not, since the item in the status bar shows it
 */
export function createClient(
  program: string,
  output: vscode.LogOutputChannel,
  onProgress: (token: string | number, progress: Progress) => void,
): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => section(),
    synchronize: { configurationSection: "magellan" },
    initializationFailedHandler: () => false,
    middleware: {
      workspace: {
        configuration: ({ items }) => items.map((item) => (item.section === "magellan" ? section() : null)),
        didChangeConfiguration: (_sections, next) => next(["magellan"]),
      },
      handleWorkDoneProgress: (token, progress) => {
        onProgress(token, progress);
      },
      sendNotification: (type, next, params) => {
        const method = typeof type === "string" ? type : type.method;
        // What changed is asked for through workspace/configuration, so that one function decides what is sent.
        return method === "workspace/didChangeConfiguration"
          ? next(type, { settings: null } as typeof params)
          : next(type, params);
      },
    },
  };
  const executable = { command: program, transport: TransportKind.stdio };
  const client = new MagellanClient("magellan", "Magellan", executable, options);
  client.registerFeature(new Extensions());
  return client;
}

/** The section `magellan`, as the server is to have it. */
function section(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("magellan");
  return forServer((key) => {
    const inspected = settings.inspect<unknown>(key);
    return { value: settings.get<unknown>(key), own: inspected?.globalValue ?? inspected?.defaultValue };
  });
}
