// Finding the server's program on this machine, or installing it after asking.
import { PythonExtension } from "@vscode/python-extension";
import { accessSync, constants, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { discover, type Found } from "./discover";
import {
  type Bundle,
  environmentOf,
  findPython,
  install,
  isComplete,
  pythons,
  readBundle,
  runner,
} from "./privateEnvironment";

/** Raised when the person gave up, or there is nothing to start; the text says what can be done. */
export class NoServer extends Error {}

export class Locator {
  readonly #context: vscode.ExtensionContext;
  readonly #output: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    this.#context = context;
    this.#output = output;
  }

  /** The program, without asking anybody anything. */
  async find(): Promise<Found | undefined> {
    const bundle = await this.#bundle();
    const environment = bundle && environmentOf(bundle, this.#storage);
    return discover({
      setting: ownSetting(),
      trusted: vscode.workspace.isTrusted,
      folders: folders(),
      interpreters: await selectedInterpreters(),
      path: process.env.PATH ?? "",
      privateEnvironment: environment !== undefined && isComplete(environment) ? environment : undefined,
      home: os.homedir(),
      platform: process.platform,
      isProgram,
    });
  }

  /** Say that there is no server, and offer the commands that make one. */
  async offer(): Promise<void> {
    const INSTALL = "Install";
    const CHOOSE = "Choose Program...";
    const bundle = await this.#bundle();
    const answer = await vscode.window.showInformationMessage(
      "Magellan's server was not found on this machine." +
        (bundle
          ? " Install it in a private environment of this extension?" +
            " That needs Python 3.11 or newer, and the network for about 45 MB of packages."
          : ""),
      ...(bundle ? [INSTALL, CHOOSE] : [CHOOSE]),
    );
    if (answer !== undefined) {
      await vscode.commands.executeCommand(answer === CHOOSE ? "magellan.chooseServer" : "magellan.install");
    }
  }

  /** Let the person point at the program, and remember it in their settings. */
  async choose(): Promise<Found | undefined> {
    const [chosen] = (await vscode.window.showOpenDialog({ title: "The program magellan-lsp" })) ?? [];
    if (!chosen) {
      return undefined;
    }
    const settings = vscode.workspace.getConfiguration("magellan");
    await settings.update("server.path", chosen.fsPath, vscode.ConfigurationTarget.Global);
    return { program: chosen.fsPath, source: "setting" };
  }

  /** Make the private environment, showing how it goes. */
  async install(): Promise<Found> {
    const bundle = await this.#bundle();
    if (!bundle) {
      throw new NoServer("This copy of the extension was built without a server to install.");
    }
    const storage = this.#storage;
    await vscode.workspace.fs.createDirectory(this.#context.globalStorageUri);
    const options = { location: vscode.ProgressLocation.Notification, title: "Magellan", cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => {
        stop.abort();
      });
      const tell = (line: string): void => {
        this.#output.info(line);
      };
      const run = runner(storage, tell, stop.signal);
      progress.report({ message: "looking for Python" });
      const python = await findPython(pythons(await selectedInterpreters(), process.platform), run);
      if (!python) {
        throw new NoServer(
          "No Python 3.11 or newer with its venv module was found. Install one (on Debian also python3-venv)," +
            " or name the server's program in the setting magellan.server.path.",
        );
      }
      const environment = await install(bundle, storage, python, run, (message) => {
        this.#output.info(message);
        progress.report({ message });
      });
      const found = discover({
        ...{
          setting: "",
          trusted: true,
          folders: [],
          interpreters: [],
          path: "",
          privateEnvironment: environment,
        },
        ...{ home: "", platform: process.platform, isProgram },
      });
      if (!found) {
        throw new NoServer(`There is no server in ${environment} although it was installed.`);
      }
      return found;
    });
  }

  get #storage(): string {
    return this.#context.globalStorageUri.fsPath;
  }

  #bundle(): Promise<Bundle | undefined> {
    return readBundle(path.join(this.#context.extensionPath, "server"));
  }
}

/** Told when another Python environment was selected. */
export async function onDidSelectInterpreter(handle: () => void): Promise<vscode.Disposable | undefined> {
  const python = await pythonExtension();
  return python?.environments.onDidChangeActiveEnvironmentPath(handle);
}

/** The setting as the user wrote it: what a workspace says does not count, even in a trusted one. */
function ownSetting(): string {
  const inspected = vscode.workspace.getConfiguration("magellan").inspect<unknown>("server.path");
  const value = inspected?.globalValue;
  return typeof value === "string" ? value.trim() : "";
}

function folders(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);
}

/** Interpreters that the Python extension has selected, one for each folder; none where it is not installed. */
async function selectedInterpreters(): Promise<string[]> {
  const python = vscode.workspace.isTrusted ? await pythonExtension() : undefined;
  if (!python) {
    return [];
  }
  const found = new Set<string>();
  for (const folder of vscode.workspace.workspaceFolders ?? [undefined]) {
    const selected = python.environments.getActiveEnvironmentPath(folder?.uri);
    const environment = await python.environments.resolveEnvironment(selected);
    if (environment?.executable.uri) {
      found.add(environment.executable.uri.fsPath);
    }
  }
  return [...found];
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  if (!vscode.extensions.getExtension("ms-python.python")) {
    return undefined;
  }
  // Selecting an environment is the other extension's business; when it fails there, it is not missed here.
  return PythonExtension.api().catch(() => undefined);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, process.platform === "win32" ? constants.F_OK : constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
