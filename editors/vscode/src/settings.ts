// What of VS Code's settings the server is told.

/** The server's settings, without `magellan.`; the rest of the section is the extension's own. */
export const SERVER_SETTINGS = [
  "include",
  "exclude",
  "maxFileSize",
  "index.location",
  "backend",
  "workers",
  "debounceMs",
  "followSymlinks",
  "logLevel",
  "cacheLimitMb",
  "dependencies.enabled",
  "dependencies.roots",
  "dependencies.python",
  "details.background",
  "codeLens.references",
  "migration.enabled",
  "migration.path",
  "features",
  "languages",
] as const;

/** Settings that name places outside of the workspace. */
const OWN_ONLY: ReadonlySet<string> = new Set(["dependencies.roots", "dependencies.python"]);

/** One setting as VS Code has it: what is in force, and what the user's own settings and the default say. */
export interface Setting {
  value: unknown;
  own: unknown;
}

/**
 * The section `magellan` for the server, in dotted keys.
 *
 * A place outside of the workspace is taken from the user's own settings only. For the index a workspace may choose
 * between itself and the user's cache folder, and it may name a Magellan database inside it.
 */
export function forServer(get: (key: string) => Setting): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const key of SERVER_SETTINGS) {
    const { value, own } = get(key);
    const chosen = OWN_ONLY.has(key) || leadsOut(key, value) ? own : value;
    if (chosen !== undefined) {
      section[key] = chosen;
    }
  }
  return section;
}

function leadsOut(key: string, value: unknown): boolean {
  if (key === "index.location") {
    return value !== "workspace" && value !== "cache";
  }
  return (
    key === "migration.path" &&
    (typeof value !== "string" || /^([~/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(value))
  );
}
