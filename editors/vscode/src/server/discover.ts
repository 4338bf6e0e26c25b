// Where the server's program may be. Nothing here starts anything or knows VS Code.
import path from "node:path";

export type Source = "setting" | "workspace" | "python" | "path" | "private";

export interface Found {
  program: string;
  source: Source;
}

export interface Places {
  /** `magellan.server.path` of the user's own settings, or empty. */
  setting: string;
  /** Whether programs of the workspace may be started. */
  trusted: boolean;
  /** Folders of the workspace. */
  folders: readonly string[];
  /** Interpreters of the selected Python environments. */
  interpreters: readonly string[];
  /** The variable PATH. */
  path: string;
  /** Folder of the extension's own environment, if it was made. */
  privateEnvironment: string | undefined;
  home: string;
  platform: NodeJS.Platform;
  isProgram: (file: string) => boolean;
}

const ENVIRONMENTS = [".venv", "venv", "env"];

/** Where an environment keeps its programs. */
export function programIn(environment: string, name: string, platform: NodeJS.Platform): string {
  return platform === "win32"
    ? path.win32.join(environment, "Scripts", `${name}.exe`)
    : path.posix.join(environment, "bin", name);
}

/**
 * The server's program, from the first place that has it.
 *
 * A setting is taken at its word, so that a mistake in it shows, and is not made up for by another server. What lies in
 * the workspace counts only in a trusted one, also when the PATH or the selected environment leads into it.
 */
export function discover(places: Places): Found | undefined {
  const { platform } = places;
  // Paths of the machine that the server runs on, also when a test says that it is another than this one.
  const paths = platform === "win32" ? path.win32 : path.posix;
  if (places.setting !== "") {
    const written = places.setting.startsWith("~/")
      ? paths.join(places.home, places.setting.slice(2))
      : places.setting;
    return { program: written, source: "setting" };
  }
  const inWorkspace = (file: string): boolean =>
    places.folders.some((folder) => {
      const below = paths.relative(folder, file);
      return below !== "" && !below.startsWith("..") && !paths.isAbsolute(below);
    });
  const name = platform === "win32" ? "magellan-lsp.exe" : "magellan-lsp";
  const candidates: Found[] = [
    ...places.folders.flatMap((folder) =>
      ENVIRONMENTS.map((environment) => ({
        program: programIn(paths.join(folder, environment), "magellan-lsp", platform),
        source: "workspace" as const,
      })),
    ),
    ...places.interpreters.map((interpreter) => ({
      program: paths.join(paths.dirname(interpreter), name),
      source: "python" as const,
    })),
    ...places.path
      .split(platform === "win32" ? ";" : ":")
      .filter((folder) => paths.isAbsolute(folder))
      .map((folder) => ({ program: paths.join(folder, name), source: "path" as const })),
  ];
  if (places.privateEnvironment !== undefined) {
    candidates.push({
      program: programIn(places.privateEnvironment, "magellan-lsp", platform),
      source: "private",
    });
  }
  return candidates.find(
    ({ program }) => (places.trusted || !inWorkspace(program)) && places.isProgram(program),
  );
}
