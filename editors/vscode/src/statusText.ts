// What the item in the status bar says. Knows nothing of VS Code.
import type { ServerStatus } from "./protocol";
import type { Phase } from "./service";

export interface State {
  phase: Phase;
  status: ServerStatus | undefined;
  problem: string | undefined;
  progress: ReadonlyMap<string | number, string>;
}

export interface Shown {
  text: string;
  detail: string;
  level: "ok" | "warning" | "error";
}

/** The sum of what the pieces of work say of themselves ("linking 3/10"); undefined when none gives numbers. */
export function counted(messages: Iterable<string>): { done: number; total: number } | undefined {
  const sum = { done: 0, total: 0 };
  for (const message of messages) {
    const numbers = /(\d+)\/(\d+)/.exec(message);
    sum.done += Number(numbers?.[1] ?? 0);
    sum.total += Number(numbers?.[2] ?? 0);
  }
  return sum.total > 0 ? sum : undefined;
}

export function shown({ phase, status, problem, progress }: State): Shown {
  switch (phase) {
    case "missing":
      return {
        text: "$(warning) Magellan: no server",
        detail: `There is no server. ${problem ?? ""}`.trim(),
        level: "warning",
      };
    case "failed":
      return {
        text: "$(error) Magellan: failed",
        detail: `The server did not start. ${problem ?? ""}`.trim(),
        level: "error",
      };
    case "stopped":
      return {
        text: "$(circle-slash) Magellan: stopped",
        detail: `The server is stopped. ${problem ?? ""}`.trim(),
        level: "ok",
      };
    case "starting":
      return { text: "$(sync~spin) Magellan: starting", detail: "The server is starting.", level: "ok" };
    case "running":
      break;
  }
  if (progress.size > 0) {
    const numbers = counted(progress.values());
    const words = numbers ? `indexing ${numbers.done} of ${numbers.total}` : "indexing";
    return {
      text: `$(sync~spin) Magellan: ${words}`,
      detail: [...progress.values()].join("; ") || words,
      level: "ok",
    };
  }
  if (!status || (!status.quiescent && status.health === "ok")) {
    return { text: "$(sync~spin) Magellan: indexing", detail: "Indexing is about to begin.", level: "ok" };
  }
  if (status.health !== "ok") {
    return {
      text: "$(warning) Magellan",
      detail: status.message ?? "Something is incomplete.",
      level: status.health,
    };
  }
  return { text: "$(check) Magellan", detail: "The index is up to date.", level: "ok" };
}
