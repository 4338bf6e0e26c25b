// The environment of the extension's own: made from the wheel and the lock in server/, checked by hash.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { programIn } from "./discover";

const OLDEST = [3, 11] as const;
const COMPLETE = "complete";

export class InstallError extends Error {}

/** What the extension brings along. */
export interface Bundle {
  wheel: string;
  lock: string;
  /** Names what is in it; another content has another one. */
  digest: string;
}

/** The wheel and the lock that came with the extension; undefined in a copy that was built without them. */
export async function readBundle(folder: string): Promise<Bundle | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (wheel === undefined || !names.includes("requirements.lock")) {
    return undefined;
  }
  const files = { wheel: path.join(folder, wheel), lock: path.join(folder, "requirements.lock") };
  const digest = createHash("sha256");
  digest.update(await readFile(files.wheel)).update(await readFile(files.lock));
  return { ...files, digest: digest.digest("hex").slice(0, 16) };
}

/** The folder of this bundle's environment, whether it was made or not. */
export function environmentOf(bundle: Bundle, storage: string): string {
  return path.join(storage, `server-${bundle.digest}`);
}

/** Whether it was made, to the end. */
export function isComplete(environment: string): boolean {
  return existsSync(path.join(environment, COMPLETE));
}

/** The first of these commands that starts a Python which is new enough and can make environments. */
export async function findPython(
  candidates: readonly (readonly string[])[],
  run: Run,
): Promise<readonly string[] | undefined> {
  const question = `import ensurepip, sys, venv; sys.exit(sys.version_info < (${OLDEST.join(", ")}))`;
  for (const command of candidates) {
    if (
      await run([...command, "-I", "-c", question]).then(
        () => true,
        () => false,
      )
    ) {
      return command;
    }
  }
  return undefined;
}

/** Commands that may start a Python, the selected interpreters first. */
export function pythons(interpreters: readonly string[], platform: NodeJS.Platform): string[][] {
  const usual = platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
  const numbered = platform === "win32" ? [] : ["3.14", "3.13", "3.12", "3.11"].map((v) => [`python${v}`]);
  return [...interpreters.map((one) => [one]), ...usual, ...numbered];
}

/** Runs a command to its end; rejects with what it said when that is not success. */
export type Run = (command: readonly string[]) => Promise<void>;

/** A Run that can be given up, and hands on every line that the command prints. */
export function runner(cwd: string, tell: (line: string) => void, signal: AbortSignal): Run {
  return ([program, ...args]) =>
    new Promise((resolve, reject) => {
      const said: string[] = [];
      const child = spawn(program ?? "", args, {
        cwd,
        signal,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, PYTHONHOME: undefined, PYTHONPATH: undefined, VIRTUAL_ENV: undefined },
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          for (const line of text.split(/\r?\n/).filter(Boolean)) {
            said.push(line);
            tell(line);
          }
        });
      }
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0) {
          resolve();
        } else {
          reject(
            new InstallError(said.slice(-3).join(" ") || `${program ?? ""} ended with ${code ?? "a signal"}`),
          );
        }
      });
    });
}

/**
 * Make the environment and remove those of other versions. What was begun and not finished is begun anew.
 *
 * @param python a command that `findPython` gave
 * @param step told what happens now, for people
 */
export async function install(
  bundle: Bundle,
  storage: string,
  python: readonly string[],
  run: Run,
  step: (words: string) => void,
): Promise<string> {
  const environment = environmentOf(bundle, storage);
  await mkdir(storage, { recursive: true });
  await rm(environment, { recursive: true, force: true });
  step("making an environment");
  await run([...python, "-I", "-m", "venv", environment]);
  const pip = [
    ...[programIn(environment, "python", process.platform), "-I", "-m", "pip", "install"],
    ...["--no-input", "--disable-pip-version-check"],
  ];
  step("installing packages");
  await run([...pip, "--require-hashes", "--prefer-binary", "-r", bundle.lock]);
  step("installing the server");
  await run([...pip, "--no-deps", "--no-index", bundle.wheel]);
  await run([programIn(environment, "magellan-lsp", process.platform), "--version"]);
  await writeFile(path.join(environment, COMPLETE), "");
  for (const name of await readdir(storage)) {
    if (name.startsWith("server-") && path.join(storage, name) !== environment) {
      // An older one may still run in another window; it goes with the next update then.
      await rm(path.join(storage, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return environment;
}
