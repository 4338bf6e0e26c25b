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
  "codeLens.references",
  "features",
  "languages",
] as const;

/** One setting as VS Code has it: what is in force, and what the user's own settings and the default say. */
export interface Setting {
  value: unknown;
  own: unknown;
}

/**
 * The section `magellan` for the server, in dotted keys.
 *
 * A folder to write to is taken from the user's own settings only: a workspace may choose between the workspace and the
 * user's cache folder, and name no place of its own.
 */
export function forServer(get: (key: string) => Setting): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const key of SERVER_SETTINGS) {
    const { value, own } = get(key);
    const harmless = key !== "index.location" || value === own || value === "workspace" || value === "cache";
    const chosen = harmless ? value : own;
    if (chosen !== undefined) {
      section[key] = chosen;
    }
  }
  return section;
}
