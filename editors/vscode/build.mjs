// Bundles the extension and the scripts of its panels into dist/; `--test` bundles test/ into dist-test/, `--watch` goes on.
import { context } from "esbuild";
import { readdirSync } from "node:fs";
import { argv } from "node:process";

const common = { bundle: true, minify: true, logLevel: "warning", legalComments: "linked" };
const node = { ...common, platform: "node", format: "cjs", target: "node22" };
const builds = argv.includes("--test")
  ? [
      {
        ...node,
        minify: false,
        entryPoints: readdirSync("test")
          .filter((name) => name.endsWith(".test.ts"))
          .map((name) => `test/${name}`),
        outdir: "dist-test",
      },
    ]
  : [
      { ...node, entryPoints: ["src/extension.ts"], external: ["vscode"], outdir: "dist" },
      {
        ...common,
        platform: "browser",
        format: "iife",
        target: "es2023",
        entryPoints: ["src/webview/cfg.ts", "src/webview/callGraph.ts", "src/webview/panel.css"],
        outdir: "dist/webview",
      },
    ];
for (const options of builds) {
  const build = await context(options);
  if (argv.includes("--watch")) {
    await build.watch();
  } else {
    await build.rebuild();
    await build.dispose();
  }
}
