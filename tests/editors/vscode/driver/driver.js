// The extension host inherits the server's environment:
//   DRIVER_CHECKS   module that exports async run(vscode, check) and name(vscode)
//   DRIVER_RESULTS  folder; what came of the checks of a name goes to NAME.json there, {checks: [{name, ok, detail}]}
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

exports.activate = () => {
  const { DRIVER_CHECKS, DRIVER_RESULTS } = process.env;
  if (!DRIVER_CHECKS || !DRIVER_RESULTS) return;
  const module = require(DRIVER_CHECKS);
  const name = module.name(vscode);
  if (!name) return;
  const file = path.join(DRIVER_RESULTS, `${name}.json`);
  // Every page has an extension host of its own; the first one runs the checks.
  try {
    fs.writeFileSync(`${file}.begun`, JSON.stringify({ checks: [] }), { flag: "wx" });
  } catch {
    return;
  }
  const checks = [];
  const check = (name, ok, detail) => {
    checks.push({ name, ok: Boolean(ok), detail: ok ? "" : String(detail ?? "") });
    fs.writeFileSync(`${file}.begun`, JSON.stringify({ checks })); // what is known if the rest never comes
  };
  void Promise.resolve()
    .then(() => module.run(vscode, check))
    .catch((error) => check("the script itself", false, error?.stack ?? error))
    .then(() => {
      fs.writeFileSync(`${file}.part`, JSON.stringify({ checks }));
      fs.renameSync(`${file}.part`, file); // whole or not there
    });
};
