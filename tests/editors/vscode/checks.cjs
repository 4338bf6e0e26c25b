// Runs inside VS Code's extension host (see driver/); every call goes through the real editor.
const fs = require("node:fs");
const path = require("node:path");

/** Which checks a window runs, by the name of its first folder; the others are driven by keys only. */
exports.name = (vscode) => {
    const { workspaceFolders: [folder] = [] } = vscode.workspace;
    return {
        "editors-workspace": "one folder",
        first: "two folders",
        second: "two folders",
        stranger: "untrusted",
    }[folder?.name];
};

exports.run = async (vscode, check) => {
    const kit = toolkit(vscode, check);
    const scenario = { "one folder": oneFolder, "two folders": twoFolders, untrusted }[exports.name(vscode)];
    await scenario?.(vscode, kit);
};

const MARK = "Grüße – 😀𝒳";
const DEFINITIONS = [
    ["main.py", "label(total", "shop/stock.py", "label"],
    ["rust/src/main.rs", "sum_up", "rust/src/stock.rs", "sum_up"],
    ["go/main.go", "SumUp", "go/stock/stock.go", "SumUp("],
    ["java/shop/Main.java", "sumUp", "java/shop/Stock.java", "sumUp"],
    ["c/main.c", "stock_sum", "c/stock.c", "stock_sum"],
    ["cpp/main.cpp", "total_of", "cpp/stock.cpp", "total_of"],
    ["js/main.js", "sumUp(", "js/stock.js", "sumUp"],
    ["ts/main.ts", "addUp(", "ts/stock.ts", "addUp"],
];

async function oneFolder(vscode, kit) {
    const { check, equal, eventually, exec, place, uri, open, find, definition, server, run } = kit;
    const extension = vscode.extensions.getExtension("magellan-lsp.magellan-lsp");
    check("the extension is installed", extension);
    await open("main.py");
    const { service } = await extension.activate();
    equal(
        "it finds the server by the user's setting",
        "running setting",
        `${service.phase} ${service.found?.source}`,
    );
    check(
        "it asks for all of the requests that the server has",
        service.offers("magellan/status"),
        "no magellan/status",
    );

    for (const [file, text, wanted, name] of DEFINITIONS) {
        check(
            `${file}: other characters stand before the name`,
            kit.lineOf(file, text).split(text)[0].includes(MARK),
        );
        await eventually(`definition in ${file}`, place(wanted, name), () => definition(file, text));
    }
    await server("magellan/synchronize");
    const editor = await open("main.py");
    editor.selection = kit.caret("main.py", "label(total");
    await exec("editor.action.revealDefinition");
    equal("F12 moves the cursor", place("shop/stock.py", "label"), kit.here());

    const places = async (provider, file, text, ...more) =>
        (await exec(provider, uri(file), find(file, text), ...more))
            .map((one) => kit.at(one))
            .sort()
            .join(" ");
    equal(
        "references",
        [
            place("main.py", "label"),
            place("main.py", "label(total"),
            place("main.py", "label(total", 2),
            place("shop/stock.py", "label"),
            place("shop/stock.py", "label(total"),
        ]
            .sort()
            .join(" "),
        await places("vscode.executeReferenceProvider", "main.py", "label(total"),
    );
    equal(
        "declaration",
        place("c/stock.h", "stock_sum"),
        await places("vscode.executeDeclarationProvider", "c/main.c", "stock_sum"),
    );
    equal(
        "type definition",
        place("shop/stock.py", "Shelf:"),
        await places("vscode.executeTypeDefinitionProvider", "main.py", "shelf.put"),
    );
    equal(
        "implementation",
        place("shop/stock.py", "label"),
        await places("vscode.executeImplementationProvider", "main.py", "label(total"),
    );
    const highlights = await exec(
        "vscode.executeDocumentHighlights",
        uri("main.py"),
        find("main.py", "label(total"),
    );
    equal("highlights", 3, highlights.length);
    const hovers = await exec("vscode.executeHoverProvider", uri("main.py"), find("main.py", "label(total"));
    const hover = hovers.flatMap(({ contents }) => contents.map((one) => one.value ?? one)).join("\n");
    check("hover", hover.includes("An amount as people read it"), hover);
    const names = (symbols) => symbols.flatMap(({ name, children }) => [name, ...names(children ?? [])]);
    const outline = names(await exec("vscode.executeDocumentSymbolProvider", uri("shop/stock.py"))).join(" ");
    check("symbols of the file", /total.*label.*Shelf.*put/.test(outline), outline);
    const shelves = (await exec("vscode.executeWorkspaceSymbolProvider", "Shelf")).map((one) =>
        kit.file(one.location.uri),
    );
    for (const file of ["shop/stock.py", "rust/src/stock.rs", "cpp/stock.hpp"]) {
        check(`symbols of the workspace: ${file}`, shelves.includes(file), shelves.join());
    }

    const [label] = await exec("vscode.prepareCallHierarchy", uri("main.py"), find("main.py", "label(total"));
    const incoming = await exec("vscode.provideIncomingCalls", label);
    equal(
        "callers",
        "putx1 reportx2",
        incoming
            .map((one) => `${one.from.name}x${one.fromRanges.length}`)
            .sort()
            .join(" "),
    );
    const [put] = await exec(
        "vscode.prepareCallHierarchy",
        uri("shop/stock.py"),
        find("shop/stock.py", "put("),
    );
    const outgoing = (await exec("vscode.provideOutgoingCalls", put)).map((one) => one.to.name);
    check("callees", outgoing.includes("label") && outgoing.includes("total"), outgoing.join());
    const [shelf] = await exec("vscode.prepareTypeHierarchy", uri("main.py"), find("main.py", "Shelf"));
    equal("type hierarchy", "Shelf", shelf?.name);
    await open("js/main.js");
    const links = await exec("vscode.executeLinkProvider", uri("js/main.js"));
    check(
        "links of imports",
        links.some(({ target }) => kit.file(target) === "js/stock.js"),
        JSON.stringify(links),
    );
    await open("shop/stock.py");
    const folds = await exec("vscode.executeFoldingRangeProvider", uri("shop/stock.py"));
    check("folding", folds.length > 3, folds.length);
    const [selection] = await exec("vscode.executeSelectionRangeProvider", uri("main.py"), [
        find("main.py", "label(total"),
    ]);
    check("selection ranges", selection?.parent);

    // settings reach the server
    const settings = vscode.workspace.getConfiguration("magellan");
    await settings.update(
        "languages",
        { python: { features: { hover: false } } },
        vscode.ConfigurationTarget.Workspace,
    );
    await eventually(
        "a feature that is switched off is silent",
        0,
        async () =>
            (await exec("vscode.executeHoverProvider", uri("main.py"), find("main.py", "label(total")))
                .length,
    );
    await settings.update("languages", undefined, vscode.ConfigurationTarget.Workspace);
    await eventually(
        "and answers again",
        1,
        async () =>
            (await exec("vscode.executeHoverProvider", uri("main.py"), find("main.py", "label(total")))
                .length,
    );
    await settings.update("codeLens.references", true, vscode.ConfigurationTarget.Workspace);
    await eventually("code lenses say how many references there are", true, async () => {
        const lenses = await exec("vscode.executeCodeLensProvider", uri("shop/stock.py"), 50);
        return (lenses ?? []).some(
            ({ command }) => command?.title === "5 references" || command?.title === "4 references",
        );
    });
    await settings.update("codeLens.references", undefined, vscode.ConfigurationTarget.Workspace);

    // unsaved text
    const stock = await open("shop/stock.py");
    const line = find("shop/stock.py", "def label").line;
    await kit.insert(stock.document.uri, line, 'def relabel(amount):\n    return "😀" + label(amount)\n\n\n');
    const call = new vscode.Position(line + 1, '    return "😀" + '.length);
    await eventually("definition after an unsaved edit", `shop/stock.py:${line + 5}:5`, () =>
        kit.definitionAt("shop/stock.py", call),
    );
    await kit.insert(uri("main.py"), 1, "from shop.stock import relabel\nrelabel(1)\n");
    await eventually(
        "definition in another file that only unsaved text has",
        `shop/stock.py:${line + 1}:5`,
        () => kit.definitionAt("main.py", new vscode.Position(2, 2)),
    );
    check("neither is saved", vscode.workspace.textDocuments.filter((one) => one.isDirty).length === 2);
    await vscode.workspace.saveAll();

    // a file renamed on disk, behind the editor's back
    fs.mkdirSync(kit.path("later"));
    fs.writeFileSync(kit.path("later/one.py"), "def arrives():\n    pass\n");
    await kit.insert(uri("main.py"), 0, "from later.two import arrives\narrives()\n");
    fs.renameSync(kit.path("later/one.py"), kit.path("later/two.py"));
    await eventually("a file renamed on disk is seen", "later/two.py:1:5", () =>
        kit.definitionAt("main.py", new vscode.Position(1, 2)),
    );
    await vscode.workspace.saveAll();
    await server("magellan/synchronize");

    // commands
    await eventually("the status of the index is shown", true, async () => {
        await run("magellan.showStatus");
        const report = vscode.window.activeTextEditor?.document.getText() ?? "";
        return /phase: ready\n[^]*files: \d+\n\s+symbols: \d+/.test(report);
    });
    await run("magellan.reindex");
    equal("re-indexing leaves the server running", "running", service.phase);
    if (service.offers("magellan/chunks")) {
        const shown = await open("shop/stock.py");
        shown.selection = kit.caret("shop/stock.py", "self.prices.append");
        await run("magellan.copyChunk");
        const copied = await vscode.env.clipboard.readText();
        check(
            "the source of a symbol is copied",
            copied.trimStart().startsWith("def put(self, price):"),
            copied,
        );
    }

    // the server is killed
    const { pid } = await server("magellan/status");
    process.kill(pid, "SIGKILL");
    await eventually("a killed server is started again", true, async () => {
        const now = await server("magellan/status").catch(() => ({ pid }));
        return now.pid !== pid;
    });
    await eventually("definition after the restart", place("shop/stock.py", "label(amount):", 2), () =>
        definition("main.py", "label(total"),
    );
    const before = (await server("magellan/status")).pid;
    await run("magellan.restart");
    check("the command restarts it", (await server("magellan/status")).pid !== before);
    await run("magellan.stop");
    equal("the command stops it", "stopped", service.phase);
    equal("no answers then", "", await definition("main.py", "label(total"));
    await run("magellan.restart");
    await eventually("and starts it", place("shop/stock.py", "label(amount):", 2), () =>
        definition("main.py", "label(total"),
    );

    // a second client of the same commands
    const taken = (await vscode.commands.getCommands(true)).filter((one) => one.startsWith("magellan/"));
    equal("the server's own commands are not VS Code's, so that a second client can start", "", taken.join());
    const declared = extension.packageJSON.contributes.commands.map(({ command }) => command);
    const all = await vscode.commands.getCommands(true);
    equal("every command of package.json exists", "", declared.filter((one) => !all.includes(one)).join());
}

async function twoFolders(vscode, kit) {
    const { check, equal, eventually } = kit;
    const extension = vscode.extensions.getExtension("magellan-lsp.magellan-lsp");
    const [first, second] = vscode.workspace.workspaceFolders.map(({ uri }) => uri);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(second, "other.py"));
    const { service } = await extension.activate();
    equal("two folders: one server", "running", service.phase);
    const status = await kit.server("magellan/status");
    equal(
        "two folders: it has both",
        `${first} ${second}`,
        status.folders
            .map(({ uri }) => uri)
            .sort()
            .join(" "),
    );
    const definition = async (folder, file, line, character) => {
        const uri = vscode.Uri.joinPath(folder, file);
        const [found] = await kit.exec(
            "vscode.executeDefinitionProvider",
            uri,
            new vscode.Position(line, character),
        );
        return found && kit.at(found).replace(/^.*\//, "");
    };
    await eventually("two folders: definition in the second", "other.py:1:5", () =>
        definition(second, "other.py", 4, 1),
    );
    await eventually("two folders: definition in the first", "stock.py:9:5", () =>
        definition(first, "main.py", 5, 11),
    );
    check(
        "two folders: symbols of both",
        (await kit.exec("vscode.executeWorkspaceSymbolProvider", "only_here")).length === 1,
    );
}

async function untrusted(vscode, kit) {
    const { equal, eventually, exec, place } = kit;
    const extension = vscode.extensions.getExtension("magellan-lsp.magellan-lsp");
    await kit.open("main.py");
    const { service } = await extension.activate();
    equal(
        "untrusted: the server is the user's",
        "running setting",
        `${service.phase} ${service.found?.source}`,
    );
    const settings = vscode.workspace.getConfiguration("magellan");
    equal("untrusted: a workspace names no program", process.env.CHECKS_SERVER, settings.get("server.path"));
    equal("untrusted: nor a folder to write to", "workspace", settings.get("index.location"));
    await eventually("untrusted: definition", place("shop/stock.py", "label"), () =>
        kit.definition("main.py", "label(total"),
    );
    equal("untrusted: no program of the workspace ran", false, fs.existsSync(kit.path("trapped")));
    void exec;
}

function toolkit(vscode, check) {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    const exec = vscode.commands.executeCommand;
    const kit = {
        check,
        exec,
        equal: (name, want, got) => check(name, want === got, `want ${want}, got ${got}`),
        eventually: async (name, want, get) => {
            const end = Date.now() + 20000;
            let got = await get();
            while (got !== want && Date.now() < end) {
                await new Promise((resolve) => setTimeout(resolve, 50));
                got = await get();
            }
            kit.equal(name, want, got);
        },
        path: (file) => path.join(root, file),
        uri: (file) => vscode.Uri.file(kit.path(file)),
        file: (uri) => path.relative(root, uri.fsPath),
        open: async (file) => vscode.window.showTextDocument(kit.uri(file)),
        lines: (file) => {
            const shown = vscode.workspace.textDocuments.find((one) => one.uri.fsPath === kit.path(file));
            return (shown ? shown.getText() : fs.readFileSync(kit.path(file), "utf8")).split("\n");
        },
        // Where a text stands for the n-th time; places are found by text, so that the fixture may change.
        find: (file, text, nth = 1) => {
            for (const [line, content] of kit.lines(file).entries()) {
                for (let at = content.indexOf(text); at !== -1; at = content.indexOf(text, at + 1)) {
                    nth -= 1;
                    if (nth === 0) return new vscode.Position(line, at);
                }
            }
            throw new Error(`${file} has no ${text}`);
        },
        lineOf: (file, text) => kit.lines(file)[kit.find(file, text).line],
        place: (file, text, nth) => {
            const { line, character } = kit.find(file, text, nth);
            return `${file}:${line + 1}:${character + 1}`;
        },
        at: (one) => {
            const { start } = one.targetSelectionRange ?? one.targetRange ?? one.range;
            return `${kit.file(one.targetUri ?? one.uri)}:${start.line + 1}:${start.character + 1}`;
        },
        here: () => {
            const editor = vscode.window.activeTextEditor;
            const { line, character } = editor.selection.active;
            return `${kit.file(editor.document.uri)}:${line + 1}:${character + 1}`;
        },
        caret: (file, text, nth) => {
            const position = kit.find(file, text, nth);
            return new vscode.Selection(position, position);
        },
        insert: async (uri, line, text) => {
            const edit = new vscode.WorkspaceEdit();
            edit.insert(uri, new vscode.Position(line, 0), text);
            await vscode.workspace.applyEdit(edit);
        },
        definitionAt: async (file, position) =>
            (await exec("vscode.executeDefinitionProvider", kit.uri(file), position)).map(kit.at).join(" "),
        definition: (file, text, nth) => kit.definitionAt(file, kit.find(file, text, nth)),
        service: () => vscode.extensions.getExtension("magellan-lsp.magellan-lsp").exports.service,
        server: (method, params = {}) => kit.service().ask(method, params),
        run: (command, ...args) => exec(command, ...args),
    };
    return kit;
}
