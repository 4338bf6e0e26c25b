// The server's life: starting, stopping, what it says of itself, and asking it.
import * as vscode from "vscode";
import { type LanguageClient, ResponseError, State } from "vscode-languageclient/node";
import { createClient, type Progress } from "./client";
import type { ServerStatus } from "./protocol";
import type { Found } from "./server/discover";
import { Locator, NoServer } from "./server/locate";

export type Phase = "missing" | "stopped" | "starting" | "running" | "failed";

export class Service implements vscode.Disposable {
  readonly #output: vscode.LogOutputChannel;
  readonly #locator: Locator;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #graphChanged = new vscode.EventEmitter<void>();
  /** Something that the status bar shows is another now. */
  readonly onDidChange = this.#changed.event;
  /** The index took changes in. */
  readonly onDidChangeGraph = this.#graphChanged.event;

  #client: LanguageClient | undefined;
  #offered: ReadonlySet<string> = new Set();
  /** One start or stop at a time; each waits for the one before. */
  #turn: Promise<unknown> = Promise.resolve();
  #asking = false;

  phase: Phase = "stopped";
  /** Where the server that runs, or ran last, comes from. */
  found: Found | undefined;
  /** What the server last said of itself. */
  status: ServerStatus | undefined;
  /** Why it is not running, for people. */
  problem: string | undefined;
  /** How far each running piece of work is, by its token. */
  readonly progress = new Map<string | number, string>();

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    this.#output = output;
    this.#locator = new Locator(context, output);
  }

  /** Start the server unless it runs; a missing one is offered for installing. */
  async start(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#client) {
        return;
      }
      const found = await this.#locator.find();
      if (found) {
        await this.#run(found);
      } else {
        this.#enter("missing", "It is not installed on this machine.");
      }
    });
    if (this.phase === "missing") {
      void this.#offer();
    }
  }

  /** Ask, out of turn: the question may stay unanswered while everything else goes on. */
  async #offer(): Promise<void> {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      await this.#locator.offer();
    } finally {
      this.#asking = false;
    }
  }

  /** Install the private environment anew, and start the server from it. */
  install(): Promise<void> {
    return this.#inTurn(async () => {
      const found = await this.#locator.install();
      await this.#end();
      await this.#run(found);
    });
  }

  /** Let the person point at the server's program, and start it. */
  choose(): Promise<void> {
    return this.#inTurn(async () => {
      const found = await this.#locator.choose();
      if (found) {
        await this.#end();
        await this.#run(found);
      }
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Start anew if the server is to be another program now: after a change of settings, trust or environment. */
  async reconsider(): Promise<void> {
    const found = await this.#locator.find();
    if (this.phase !== "stopped" && found && found.program !== this.found?.program) {
      await this.restart();
    }
  }

  /** Whether the running server answers a request beyond LSP. */
  offers(method: string): boolean {
    return this.#offered.has(method);
  }

  /**
   * Send a request beyond LSP.
   *
   * @throws NotOffered the server is older than this extension, or newer
   * @throws ResponseError what the server says is wrong
   */
  async ask<R>(method: string, params: object, token?: vscode.CancellationToken): Promise<R> {
    const client = this.#running();
    if (!this.offers(method)) {
      throw new NotOffered(method);
    }
    return send<R>(client, method, params, token);
  }

  /** Send a request of LSP. */
  async request<R>(method: string, params: object, token?: vscode.CancellationToken): Promise<R> {
    return send<R>(this.#running(), method, params, token);
  }

  /** Stop indexing until something changes or it is asked for again. */
  async cancelIndexing(): Promise<void> {
    for (const token of this.progress.keys()) {
      await this.#client?.sendNotification("window/workDoneProgress/cancel", { token });
    }
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#changed.dispose();
    this.#graphChanged.dispose();
  }

  #running(): LanguageClient {
    if (this.#client?.state !== State.Running) {
      throw new NoServer(
        this.phase === "starting" ? "The server is still starting." : "The server is not running.",
      );
    }
    return this.#client;
  }

  async #run(found: Found): Promise<void> {
    this.found = found;
    this.#output.info(`Starting ${found.program} (${found.source})`);
    const client = createClient(found.program, this.#output, (token, progress) => {
      this.#follow(token, progress);
    });
    client.onNotification("experimental/serverStatus", (status: ServerStatus) => {
      this.status = status;
      this.#changed.fire();
    });
    client.onNotification("magellan/graphChanged", () => {
      this.#graphChanged.fire();
    });
    client.onDidChangeState(({ newState }) => {
      if (this.#client === client) {
        this.#entered(client, newState);
      }
    });
    this.#client = client;
    this.#enter("starting");
    try {
      await client.start();
    } catch (error) {
      this.#client = undefined;
      await client.dispose().catch(() => undefined);
      this.#enter("failed", `${found.program}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Also called when the client starts a killed server again by itself. */
  #entered(client: LanguageClient, state: State): void {
    if (state === State.Running) {
      const experimental = client.initializeResult?.capabilities.experimental as
        { magellan?: { requests?: string[] } } | undefined;
      this.#offered = new Set(experimental?.magellan?.requests);
      this.#enter("running");
    } else if (state === State.Starting) {
      this.#enter("starting");
    } else {
      this.#enter("stopped", "It ended by itself.");
    }
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client) {
      this.#enter("stopped");
      await client.dispose().catch((error: unknown) => {
        this.#output.warn(`Stopping: ${String(error)}`);
      });
    }
  }

  #enter(phase: Phase, problem?: string): void {
    this.phase = phase;
    this.problem = problem;
    if (phase !== "running") {
      this.status = undefined;
      this.progress.clear();
      this.#offered = new Set();
    }
    void vscode.commands.executeCommand("setContext", "magellan.running", phase === "running");
    this.#changed.fire();
  }

  #follow(token: string | number, progress: Progress): void {
    if (progress.kind === "end") {
      this.progress.delete(token);
      this.#graphChanged.fire();
    } else {
      this.progress.set(token, progress.message ?? this.progress.get(token) ?? "");
    }
    this.#changed.fire();
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(task);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

/** An undefined token would be taken for a second parameter. */
function send<R>(
  client: LanguageClient,
  method: string,
  params: object,
  token?: vscode.CancellationToken,
): Promise<R> {
  return token ? client.sendRequest<R>(method, params, token) : client.sendRequest<R>(method, params);
}

/** The server that runs has no such request. */
export class NotOffered extends Error {
  constructor(method: string) {
    super(`The server that runs does not answer ${method}: it and this extension are of different versions.`);
  }
}

/** What to tell a person of an error; undefined for what needs no words (a request that was given up). */
export function wordsOf(error: unknown): string | undefined {
  const CANCELLED = [-32800, -32801];
  if (error instanceof ResponseError && CANCELLED.includes(error.code)) {
    return undefined;
  }
  if (error instanceof vscode.CancellationError) {
    return undefined;
  }
  return error instanceof Error ? error.message : String(error);
}
