// Puts the server's wheel and the lock of what it needs into server/, for people who have no server of their own.
// PYTHON names another Python than the clone's; it needs pip, and either hatchling or a package index.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");
const server = path.join(here, "server");
const own = path.join(root, process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python");
const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
const run = (...args) => spawnSync(python, args, { stdio: ["ignore", "inherit", "inherit"] }).status;

rmSync(server, { recursive: true, force: true });
mkdirSync(server);
const isolation = run("-c", "import hatchling, editables") === 0 ? ["--no-build-isolation"] : [];
const built = run("-m", "pip", "wheel", "--quiet", "--no-deps", ...isolation, "--wheel-dir", server, root);
const wheels = readdirSync(server).filter((name) => name.endsWith(".whl"));
if (built !== 0 || wheels.length !== 1) {
  console.error(`No wheel could be made with ${python}.`);
  process.exit(1);
}
copyFileSync(path.join(root, "requirements/run.lock"), path.join(server, "requirements.lock"));
console.log(`server/${wheels[0]}`);
