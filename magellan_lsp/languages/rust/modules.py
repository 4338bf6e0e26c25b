"""Rust's module tree: which file is which module of which crate, and what paths lead to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, ScopeKind
from magellan_lsp.languages.rust import installed
from magellan_lsp.languages.rust.manifest import Crate, join, parent, read_crate
from magellan_lsp.languages.rust.names import MACROS, SPACES, TYPES, VALUES

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver
    from magellan_lsp.resolve.types import Ref

#: Crates that come with the compiler; our stubs describe a little of them, all in one flat module.
STANDARD = frozenset({"std", "core", "alloc"})
STUB = "<builtin>/rust/std.rs"
#: Describes a little of some crates that many programs use, each a module of its own.
CRATES_STUB = "<builtin>/rust/crates.rs"
#: Every file in these is the root of a crate.
_ROOT_FOLDERS = frozenset({"tests", "examples", "benches", "bin"})
_ROOT_NAMES = frozenset({"mod.rs", "lib.rs", "main.rs"})
# Plain integers: the enums' own operators are many times slower.
_CLASS, _NAMESPACE = int(ScopeKind.CLASS), int(ScopeKind.NAMESPACE)
_MAX_GLOBS = 12  # re-exports through more globs than this are not followed


# -- files and modules


def is_declaration(facts: FileFacts, row: int) -> bool:
    """``mod name;``: the module itself is another file."""
    return (
        facts.def_kind[row] == DefKind.MODULE and row > 0 and bool(facts.def_flags[row] & DefFlag.DECLARATION)
    )


def file_of(r: Resolver, ref: Ref) -> Ref | None:
    """The file that a ``mod name;`` declares."""

    def compute() -> Ref | None:
        facts = r.facts(ref[0])
        if facts is None:
            return None
        for candidate in _candidates(r, facts, ref[1]):
            if r.source.exists(candidate):
                return (candidate, 0)
        return None

    return r.query(("rust-file", ref), compute, None)


def _candidates(r: Resolver, facts: FileFacts, row: int) -> list[str]:
    path, name = facts.path, facts.name(row)
    inline: list[str] = []
    scope = facts.def_scope[row]
    while scope > 0:
        owner = facts.scope_def[scope]
        if owner > 0 and facts.def_kind[owner] == DefKind.MODULE:
            inline.append(facts.name(owner))
        scope = facts.scope_parent[scope]
    inline.reverse()
    named = _named_path(facts, row)
    if named and not inline:
        return [join(parent(path), named)]
    base = parent(path)
    if path[len(base) :] not in _ROOT_NAMES and declared_by(r, path) is not None:
        base = path[:-3] + "/"
    base += "".join(part + "/" for part in inline)
    if named:
        return [join(base, named)]
    return [f"{base}{name}.rs", f"{base}{name}/mod.rs"]


def _named_path(facts: FileFacts, row: int) -> str:
    """What ``#[path = "..."]`` says."""
    for site in facts.sites(row):
        value = facts.site_value[site]
        if value > 0:
            op, *args = facts.expr(value)
            if op == ExprOp.STRING:
                return facts.names[args[0]]
    return ""


def declared_by(r: Resolver, path: str) -> Ref | None:
    """The ``mod name;`` that makes a file a module; None for the root of a crate."""

    def compute() -> Ref | None:
        folder = parent(path)
        stem = path[len(folder) : -3]
        if stem in ("lib", "main") and _is_target(path):
            return None
        if stem == "mod":
            if not folder:
                return None
            stem = folder[:-1].rsplit("/", 1)[-1]
            folder = parent(folder[:-1])
        near = [f"{folder}{name}" for name in ("mod.rs", "lib.rs", "main.rs")]
        if folder:
            near.append(folder[:-1] + ".rs")
        for candidate in near:
            found = _declares(r, candidate, stem, path)
            if found is not None:
                return found
        for candidate in r.source.defining(stem):
            if candidate not in near and candidate != path and candidate.endswith(".rs"):
                found = _declares(r, candidate, stem, path)
                if found is not None:
                    return found
        return _renamed(r, path, stem)

    return r.query(("rust-parent", path), compute, None)


def _is_target(path: str) -> bool:
    """``src/lib.rs`` and ``src/main.rs`` are roots, whatever else declares a module of that name."""
    return path.endswith(("src/lib.rs", "src/main.rs")) or "/" not in path


def _declares(r: Resolver, candidate: str, name: str, path: str) -> Ref | None:
    facts = r.facts(candidate) if candidate != path and r.source.exists(candidate) else None
    if facts is None or facts.language != "rust" or facts.name_index(name) < 0:
        return None
    wanted = facts.name_index(name)
    for row, text in enumerate(facts.def_name):
        if text == wanted and is_declaration(facts, row):
            target = file_of(r, (candidate, row))
            if target is not None and target[0] == path:
                return (candidate, row)
    return None


def _renamed(r: Resolver, path: str, stem: str) -> Ref | None:
    """A module whose declaration names its file by an attribute, under another name, in the same folder."""
    folder = parent(path)
    for candidate in (f"{folder}mod.rs", f"{folder}lib.rs", f"{folder}main.rs", f"{folder[:-1]}.rs"):
        facts = r.facts(candidate) if candidate != path and r.source.exists(candidate) else None
        if facts is None or facts.name_index(path[len(folder) :]) < 0:
            continue
        for row in range(1, len(facts.def_name)):
            if is_declaration(facts, row) and _named_path(facts, row):
                target = file_of(r, (candidate, row))
                if target is not None and target[0] == path:
                    return (candidate, row)
    return None


def module_of(facts: FileFacts, scope: int) -> Ref:
    """The module in which a scope lies."""
    while scope > 0:
        owner = facts.scope_def[scope]
        if facts.scope_kind[scope] == ScopeKind.NAMESPACE and owner > 0:
            return (facts.path, owner)
        scope = facts.scope_parent[scope]
    return (facts.path, 0)


def body_of(facts: FileFacts, row: int) -> int:
    """The scope of a module of the file."""
    return facts.def_body[row] if row else 0


def above(r: Resolver, module: Ref) -> Ref | None:
    """The parent module."""
    facts = r.facts(module[0])
    if facts is None:
        return None
    if module[1]:
        return module_of(facts, facts.def_scope[module[1]])
    declaration = declared_by(r, module[0])
    if declaration is None:
        return _undeclared(r, module[0])
    holder = r.facts(declaration[0])
    return module_of(holder, holder.def_scope[declaration[1]]) if holder is not None else None


def _undeclared(r: Resolver, path: str) -> Ref | None:
    """The module that a file lies beside though nothing declares it: a macro may have (``automod::dir!``)."""
    folder = parent(path)
    name = path[len(folder) :]
    if name == "mod.rs":  # the module is the folder
        folder = parent(folder[:-1])
    elif name in _ROOT_NAMES:
        return None
    if not folder or folder[:-1].rsplit("/", 1)[-1] in _ROOT_FOLDERS:
        return None
    for candidate in ("mod.rs", "lib.rs", "main.rs"):
        if r.source.exists(folder + candidate):
            return (folder + candidate, 0)
    return None


def root_of(r: Resolver, path: str) -> str:
    """The root file of the crate that a file belongs to."""

    def compute() -> str:
        at = path
        for _ in range(40):
            declaration = declared_by(r, at) or _undeclared(r, at)
            if declaration is None or declaration[0] == at:
                return at
            at = declaration[0]
        return at

    return r.query(("rust-root", path), compute, path)


# -- crates


def crates(r: Resolver) -> Sequence[Crate]:
    """The libraries of the workspace."""

    def compute() -> Sequence[Crate]:
        found = []
        for path in r.source.configs("Cargo.toml"):
            crate = read_crate(r, path)
            if crate is not None:
                found.append(crate)
        return tuple(found)

    return r.query(("rust-crates",), compute, ())


def crate_of(r: Resolver, path: str) -> Crate | None:
    """The package that a file belongs to: the one with the nearest Cargo.toml above it."""
    if r.installed is not None and r.installed.covers(path):
        return installed.crate_of(r, path)
    best: Crate | None = None
    for crate in crates(r):
        if path.startswith(crate.folder) and (best is None or len(crate.folder) > len(best.folder)):
            best = crate
    return best


def crate_named(r: Resolver, path: str, name: str) -> Ref | None:
    """The root of the crate that a name means in a file: a dependency, the package's own library, std."""
    own = crate_of(r, path)
    wanted = name
    if own is not None:
        wanted = own.dependencies.get(name, name if name == own.name else "")
    if wanted:
        for crate in crates(r):
            if crate.name == wanted and r.source.exists(crate.root) and crate.root != path:
                return (crate.root, 0)
        root = installed.crate_root(r, own, path, name, wanted)
        if root is not None:
            return (root, 0)
    if name in STANDARD and not (own is not None and own.name == name):
        return (installed.standard_root(r, name) or STUB, 0)
    if own is not None and own.dependencies.get(name) == name:
        return described_crate(r, name)
    return None


def described_crate(r: Resolver, name: str) -> Ref | None:
    """The module of the stubs that describes a crate from outside the workspace."""
    facts = r.facts(CRATES_STUB)
    rows = facts.members(0).get(name, ()) if facts is not None else ()
    return next(((CRATES_STUB, row) for row in rows if facts and facts.def_kind[row] == DefKind.MODULE), None)


def passed_on(r: Resolver, path: str, module: str, name: str) -> list[Ref]:
    """A described crate that another one passes on: ``use hyper::http;``, where hyper is a dependency nobody describes."""
    head = module.removeprefix("::").split("::", 1)[0]
    own = crate_of(r, path)
    if own is None or own.dependencies.get(head) != head or described_crate(r, head) is not None:
        return []
    described = described_crate(r, module.rsplit("::", 1)[-1]) if "::" in module else None
    if described is not None:
        return step(r, described, name)
    described = described_crate(r, name)
    return [described] if described is not None else []


def in_prelude(r: Resolver, name: str, space: int) -> list[Ref]:
    """What a name that needs no import means in the installed standard library; [] without its sources."""
    root = installed.standard_root(r, "std")
    at: list[Ref] = [(root, 0)] if root is not None else []
    for part in ("prelude", "v1"):
        at = [ref for one in at for ref in step(r, one, part, TYPES)]
    return [ref for one in at for ref in step(r, one, name, space) if not r.is_builtin(ref)]


# -- members of modules


_MACRO_LIKE = int(DefFlag.SYNTHETIC | DefFlag.PROCEDURAL)
#: What no path leads to: locals, and members (those that a ``derive`` writes stand beside their type).
_NO_ITEMS = frozenset(
    int(kind)
    for kind in (
        DefKind.VARIABLE,
        DefKind.PARAMETER,
        DefKind.METHOD,
        DefKind.FIELD,
        DefKind.LIFETIME,
        DefKind.LABEL,
        DefKind.TYPE_PARAMETER,
    )
)


def in_space(facts: FileFacts, row: int, space: int) -> bool:
    """Whether a definition is found in one of the name spaces (0: any)."""
    flags = facts.def_flags[row]
    if space and flags & _MACRO_LIKE:
        if flags & DefFlag.PROCEDURAL:
            return bool((SPACES[facts.def_kind[row]] | MACROS) & space)
        if facts.def_kind[row] == DefKind.IMPORT:
            return bool(space & MACROS)
    return not space or bool(SPACES.get(facts.def_kind[row], 7) & space)


def is_macro(facts: FileFacts, row: int) -> bool:
    """Whether a definition is a macro, or the name under which a function is one."""
    kind, flags = facts.def_kind[row], facts.def_flags[row]
    if kind == DefKind.IMPORT:
        return bool(flags & DefFlag.SYNTHETIC)
    return kind == DefKind.MACRO or bool(flags & DefFlag.PROCEDURAL)


def members(r: Resolver, module: Ref, name: str, space: int = 0) -> list[Ref]:
    """What ``module::name`` means: its own items, what it imports, what its globs bring."""
    return r.query(("rust-member", module, name, space), lambda: _members(r, module, name, space), [])


def _members(r: Resolver, module: Ref, name: str, space: int) -> list[Ref]:
    facts = r.facts(module[0])
    if facts is None:
        return []
    if module[0].startswith("<"):
        return _stub_members(r, facts, module, name)
    scope = body_of(facts, module[1])
    if scope < 0:
        return []
    found = own_items(r, facts, scope, name, space)
    if found:
        if space:
            return found
        found += _in_other_space(r, facts, scope, name, found)
        return sorted(found, key=lambda ref: _only_macro(r, ref)) if len(found) > 1 else found
    if not module[1] and (not space or space & MACROS):
        found = exported_macros(r, module[0], name)
        if found:
            return found
    return through_globs(r, facts, scope, name, space) or _file_beside(r, module, name, space)


def _in_other_space(r: Resolver, facts: FileFacts, scope: int, name: str, found: list[Ref]) -> list[Ref]:
    """What globs bring under the name of a module or macro: it does not hide a function, or a trait, of that name."""
    if all(r.kind_of(ref) == DefKind.MODULE for ref in found):
        space = VALUES
    elif all(_only_macro(r, ref) for ref in found):
        space = TYPES
    else:
        return []
    return [ref for ref in through_globs(r, facts, scope, name, space) if ref not in found]


def _only_macro(r: Resolver, ref: Ref) -> bool:
    facts = r.facts(ref[0])
    return facts is not None and is_macro(facts, ref[1])


def _file_beside(r: Resolver, module: Ref, name: str, space: int) -> list[Ref]:
    """A module that nothing declares, by its file: see ``_undeclared``."""
    folder = parent(module[0])
    if module[1] or (space and not space & TYPES) or module[0][len(folder) :] not in _ROOT_NAMES:
        return []
    for path in (f"{folder}{name}.rs", f"{folder}{name}/mod.rs"):
        if r.source.exists(path) and declared_by(r, path) is None and _undeclared(r, path) == module:
            return [(path, 0)]
    return []


#: Imports of one name in one scope that are followed: each is for another build, and each may lead to all others.
_MAX_IMPORTS = 32


def own_items(
    r: Resolver, facts: FileFacts, scope: int, name: str, space: int, without: int = -1
) -> list[Ref]:
    """Items and imports that a scope itself binds; ``without``: an import definition that does not count."""
    found: dict[Ref, None] = {}
    kinds = facts.def_kind
    rows = [
        row
        for row in facts.members(scope).get(name, ())
        if row != without and kinds[row] not in _NO_ITEMS and in_space(facts, row, space)
    ]
    if len(rows) > 1:
        rows = [row for row in rows if not facts.def_flags[row] & DefFlag.UNLIKELY] or rows
    n_imports = 0
    for row in rows:
        if facts.def_kind[row] == DefKind.IMPORT:
            n_imports += 1
            for ref in r.definition_targets(facts.path, row) if n_imports <= _MAX_IMPORTS else ():
                owner = r.facts(ref[0])
                if owner is not None and (ref[0].startswith("<") or in_space(owner, ref[1], space)):
                    found[ref] = None
        elif is_declaration(facts, row):
            file = file_of(r, (facts.path, row))
            if file is not None or not _in_macro(facts, scope):
                found[file or (facts.path, row)] = None
        else:
            found[(facts.path, row)] = None
    return likely(r, list(found)) if len(found) > 1 else list(found)


def _in_macro(facts: FileFacts, scope: int) -> bool:
    """Whether a scope is the body of a macro: what it declares is relative to who calls it."""
    owner = facts.scope_def[scope]
    return owner > 0 and facts.def_kind[owner] == DefKind.MACRO


def likely(r: Resolver, found: list[Ref]) -> list[Ref]:
    """Of definitions for different builds, those of an ordinary one."""
    kept = []
    for ref in found:
        facts = r.facts(ref[0])
        if facts is not None and not facts.def_flags[ref[1]] & DefFlag.UNLIKELY:
            kept.append(ref)
    return kept or found


def through_globs(r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> list[Ref]:
    """What the glob imports of a scope bring under a name."""
    for row in _glob_rows(r, facts).get(scope, ()):
        for module in glob_target(r, facts, row):
            if module[0].startswith("<"):
                continue  # the prelude comes last anyway
            found = step(r, module, name, space)
            if found:
                return found
    return []


def _glob_rows(r: Resolver, facts: FileFacts) -> dict[int, list[int]]:
    """Rows of the file's glob imports by the scope they stand in."""

    def compute() -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, flags in enumerate(facts.import_flags):
            if flags & ImportFlag.STAR:
                rows = found.setdefault(facts.import_scope[row], [])
                if len(rows) < _MAX_GLOBS:
                    rows.append(row)
        return found

    nothing: dict[int, list[int]] = {}
    return r.query(("rust-globs", facts.path), compute, nothing, 0)


def glob_target(r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
    """What a glob import brings the names of. Its path may itself come through a glob: that costs depth."""

    def compute() -> list[Ref]:
        path, scope = facts.names[facts.import_module[row]], facts.import_scope[row]
        if path.endswith("!"):
            return _macro_bodies(r, facts, scope, path[:-1])
        return walk(r, facts, scope, path, globs=False) or walk(r, facts, scope, path)

    return r.query(("rust-glob", facts.path, row), compute, [])


def _macro_bodies(r: Resolver, facts: FileFacts, scope: int, path: str) -> list[Ref]:
    """The macros of a name whose items are kept."""
    head_path, _, name = path.rpartition("::")
    if head_path:
        found = [ref for one in walk(r, facts, scope, head_path) for ref in step(r, one, name, MACROS)]
    else:
        found = in_sight(r, facts, scope, name, MACROS, globs=False)
        found = found or exported_macros(r, root_of(r, facts.path), name)
    return [ref for ref in found if r.kind_of(ref) == DefKind.MACRO and _has_body(r, ref)]


def _has_body(r: Resolver, ref: Ref) -> bool:
    facts = r.facts(ref[0])
    return facts is not None and facts.def_body[ref[1]] >= 0


def exported_macros(r: Resolver, root: str, name: str) -> list[Ref]:
    """Macros of a crate by name: ``#[macro_export]`` puts them at its root, ``#[macro_use]`` in sight."""
    found: list[Ref] = []
    for path in r.source.defining(name):
        facts = r.facts(path)
        if facts is None or facts.language != "rust" or root_of(r, path) != root:
            continue
        wanted = facts.name_index(name)
        found.extend(
            (path, row)
            for row, text in enumerate(facts.def_name)
            if text == wanted and facts.def_kind[row] == DefKind.MACRO
        )
    return found[:1]


def _stub_members(r: Resolver, facts: FileFacts, module: Ref, name: str) -> list[Ref]:
    """The stubs are one flat module but for names that differ between modules of std or between crates."""
    scope = body_of(facts, module[1])
    rows = facts.members(scope).get(name)
    if not rows and facts.path == STUB:
        rows = facts.members(0).get(name)
    if rows:
        return r.definition_targets(facts.path, rows[-1])
    return [module if facts.path == CRATES_STUB else (facts.path, 0)] if name[:1].islower() else []


# -- paths


def step(r: Resolver, at: Ref, name: str, space: int = 0) -> list[Ref]:
    """One step of a path of items: the member of a module, or the variant of an enum."""
    facts = r.facts(at[0])
    if facts is None:
        return []
    kind = facts.def_kind[at[1]]
    if kind == DefKind.MODULE:
        return members(r, at, name, space)
    if kind == DefKind.MACRO:
        body = facts.def_body[at[1]]
        if body < 0:
            return []
        return own_items(r, facts, body, name, space) or through_globs(r, facts, body, name, space)
    if kind == DefKind.ENUM:
        return [(at[0], row) for row in facts.members(facts.def_body[at[1]]).get(name, ())]
    return [ref for ref, _ in r.member_of(at[0], r.value_of(at), name)]


def head(
    r: Resolver, facts: FileFacts, scope: int, name: str, without: int = -1, globs: bool = True
) -> list[Ref]:
    """What the first part of a path means: a keyword, an item in sight, or a crate."""
    here = module_of(facts, scope)
    if name in ("crate", "$crate"):
        return [(root_of(r, facts.path), 0)]
    if name == "self":
        return [here]
    if name == "super":
        up = above(r, here)
        return [up] if up is not None else []
    if not name.startswith("::"):
        found = in_sight(r, facts, scope, name, 1, without, globs)
        if found:
            return found
    crate = crate_named(r, facts.path, name.lstrip(":"))
    return [crate] if crate is not None else []


def in_sight(
    r: Resolver, facts: FileFacts, scope: int, name: str, space: int, without: int = -1, globs: bool = True
) -> list[Ref]:
    """Items of the scopes around a place up to its module, globs included."""
    with_globs = _glob_rows(r, facts) if globs else ()
    while scope >= 0:
        kind = facts.scope_kind[scope]
        if kind != _CLASS:
            found: list[Ref] = []
            if name in facts.members(scope):
                found = own_items(r, facts, scope, name, space, without)
            if not found and scope in with_globs:
                found = through_globs(r, facts, scope, name, space)
            if found:
                return found
        if kind == _NAMESPACE:
            return []
        scope = facts.scope_parent[scope]
    return _file_beside(r, (facts.path, 0), name, space) if space == TYPES else []


def walk(
    r: Resolver, facts: FileFacts, scope: int, path: str, without: int = -1, globs: bool = True
) -> list[Ref]:
    """What a path of a `use` declaration means; ``without``: the import definition that asks."""
    rooted = path.startswith("::")
    parts = [part for part in path.split("::") if part]
    if not parts:
        return []
    at = head(r, facts, scope, ("::" if rooted else "") + parts[0], without, globs)
    for part in parts[1:]:
        if part == "super":
            at = [up for one in at if (up := above(r, one)) is not None]
        elif part != "self":
            at = [ref for one in at for ref in step(r, one, part, 1)]
    return at
