// Starts everything, and ends it.
import * as vscode from "vscode";
import { command, registerCommands } from "./commands";
import { migrationNotice } from "./migrationNotice";
import { CallGraphPanel } from "./panels/callGraph";
import { CfgPanel } from "./panels/cfg";
import { Reports } from "./reports";
import { onDidSelectInterpreter } from "./server/locate";
import { Service } from "./service";
import { menu, StatusItem } from "./status";
import { findDeadCode } from "./views/deadCode";
import { showImpact } from "./views/impact";
import { MetricsView } from "./views/metrics";
import { findPaths } from "./views/paths";
import { ResultTree } from "./views/tree";

let running: Service | undefined;

/** What other extensions get, and the tests. */
export interface Api {
  service: Service;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("Magellan", { log: true });
  const service = new Service(context, output);
  running = service;
  const reports = new Reports();
  const cfg = new CfgPanel(service, context.extensionUri);
  const callGraph = new CallGraphPanel(service, context.extensionUri);
  const [metricsTree, deadCode, paths, impact] = ["metrics", "deadCode", "paths", "impact"].map(
    (id) => new ResultTree(`magellan.${id}`),
  ) as [ResultTree, ResultTree, ResultTree, ResultTree];
  const metrics = new MetricsView(service, metricsTree);
  // A graph that could not be asked for a moment ago is asked again with the next change.
  const refresh = (): void => void metrics.refresh().catch(() => undefined);
  context.subscriptions.push(
    output,
    reports,
    cfg,
    callGraph,
    ...[metricsTree, deadCode, paths, impact],
    new StatusItem(service),
    migrationNotice(service),
    ...registerCommands(service, reports, output),
    command(service, "menu", () => menu(service)),
    command(service, "showCfg", () => cfg.show()),
    command(service, "showCallGraph", () => callGraph.show()),
    command(service, "showMetrics", () => metrics.show()),
    command(service, "sortHotspots", () => metrics.sort()),
    command(service, "refreshMetrics", () => metrics.refresh()),
    command(service, "findDeadCode", () => findDeadCode(service, deadCode)),
    command(service, "findPaths", () => findPaths(service, paths)),
    command(service, "showImpact", (range?: string) => showImpact(service, impact, range)),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    service.onDidChangeGraph(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void service.reconsider()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("magellan.server.path")) {
        void service.reconsider();
      }
    }),
  );
  const interpreters = await onDidSelectInterpreter(() => void service.reconsider());
  if (interpreters) {
    context.subscriptions.push(interpreters);
  }
  await service.start();
  return { service };
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
