"""Find the files of a module by its name."""

import sys
from collections.abc import Callable, Mapping
from itertools import takewhile
from posixpath import normpath

from gardener_core.graph.resolve.outlines import ProjectOutlines, folder_of

_PYTHON = (".py", ".pyi")
_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".d.ts")
_RUST_ROOTS = ("lib.rs", "main.rs")


def module_file(outlines: ProjectOutlines, path: str, module: str) -> str:
    """The file or folder that a module's name means in a file; empty for one from outside."""
    language = outlines.language(path)
    find = _FINDERS.get(language.modules) if language else None
    return find(outlines, path, module) if find and module else ""


def submodule(outlines: ProjectOutlines, path: str, name: str) -> str:
    """A module inside the package whose `__init__` this is."""
    language = outlines.language(path)
    if (
        language is None
        or language.modules != "dotted"
        or not path.endswith(("__init__.py", "__init__.pyi"))
    ):
        return ""
    return _python_file(outlines, f"{folder_of(path)}/{name}".removeprefix("/"))


def _dotted(outlines: ProjectOutlines, path: str, module: str) -> str:
    """Python: dots lead up from the file; else the name stands below some source folder."""
    name = module.lstrip(".")
    ups = len(module) - len(name)
    if ups:
        folder = folder_of(path)
        for _ in range(ups - 1):
            folder = folder_of(folder)
        parts = [part for part in (folder, *name.split(".")) if part]
        return _python_file(outlines, "/".join(parts)) if parts else ""
    parts = name.split(".")
    tail = "/".join(parts)
    found = []
    for candidate in outlines.files(parts[-1]):
        if not candidate.endswith(_PYTHON):
            continue
        whole = candidate.rpartition(".")[0].removesuffix("/__init__")
        if whole != tail and not whole.endswith(f"/{tail}"):
            continue
        root = whole[: -len(tail)].rstrip("/")
        if root and (_is_package(outlines, root) or parts[0] in sys.stdlib_module_names):
            continue
        found.append((-_shared_folders(candidate, path), candidate.endswith("i"), candidate))
    return min(found)[2] if found else ""


def _python_file(outlines: ProjectOutlines, base: str) -> str:
    for tail in (".py", "/__init__.py", ".pyi", "/__init__.pyi"):
        if outlines.exists(base + tail):
            return base + tail
    return ""


def _shared_folders(one: str, other: str) -> int:
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_package(outlines: ProjectOutlines, folder: str) -> bool:
    return outlines.exists(f"{folder}/__init__.py")


def _relative(outlines: ProjectOutlines, path: str, module: str) -> str:
    """JavaScript: a path from the file; the ending may be left out or be that of what is built."""
    if not module.startswith("."):
        return ""
    base = normpath(f"{folder_of(path)}/{module}".removeprefix("/"))
    bare, dot, _ = base.rpartition(".")
    if outlines.exists(base):
        return base
    for stem in (base, bare) if dot and base.endswith(_SCRIPTS) else (base,):
        for tail in _SCRIPTS:
            if outlines.exists(stem + tail):
                return stem + tail
    for tail in _SCRIPTS:
        if outlines.exists(f"{base}/index{tail}"):
            return f"{base}/index{tail}"
    return ""


def _folder(outlines: ProjectOutlines, path: str, module: str) -> str:
    """Go: the folder at the end of the import's path; the standard library has no dots in it."""
    if "." not in module.partition("/")[0]:
        return ""
    found = [
        folder
        for folder in outlines.folders(module.rpartition("/")[2])
        if folder and f"/{module}".endswith(f"/{folder}")
    ]
    return max(found, key=len) + "/" if found else ""


def _package(outlines: ProjectOutlines, path: str, module: str) -> str:
    """Java: a folder that ends like the package."""
    tail = module.replace(".", "/")
    found = [
        folder
        for folder in outlines.folders(tail.rpartition("/")[2])
        if f"/{folder}".endswith(f"/{tail}")
    ]
    return (
        min(found, key=lambda folder: (-_shared_folders(folder, path), folder)) + "/"
        if found
        else ""
    )


def _crate(outlines: ProjectOutlines, path: str, module: str) -> str:
    """Rust: from the crate's root, from above, or from another crate of the project."""
    parts = module.split("::")
    folder = folder_of(path)
    own = path.rpartition("/")[2]
    children = folder if own in (*_RUST_ROOTS, "mod.rs") else path.removesuffix(".rs")
    if parts[0] == "crate":
        base = _crate_root(path)
    elif parts[0] in ("self", "super"):
        base = children
        while parts[1:] and parts[1] == "super":
            base, parts = folder_of(base), parts[1:]
        base = folder_of(base) if parts[0] == "super" else base
    else:
        direct = _rust_file(outlines, "/".join([children, *parts]))
        return direct or _other_crate(outlines, path, parts)
    inner = "/".join(part for part in (base, *parts[1:]) if part)
    return _rust_file(outlines, inner) if parts[1:] else _rust_root(outlines, base)


def _crate_root(path: str) -> str:
    folder = folder_of(path)
    before, found, _ = f"/{folder}/".rpartition("/src/")
    return f"{before}/src".lstrip("/") if found else folder


def _other_crate(outlines: ProjectOutlines, path: str, parts: list[str]) -> str:
    for name in (parts[0], parts[0].replace("_", "-")):
        for folder in sorted(outlines.folders("src")):
            if f"/{folder}".endswith(f"/{name}/src"):
                inner = "/".join([folder, *parts[1:]])
                return _rust_file(outlines, inner) if parts[1:] else _rust_root(outlines, folder)
    return ""


def _rust_root(outlines: ProjectOutlines, folder: str) -> str:
    names = (f"{folder}/{root}".removeprefix("/") for root in _RUST_ROOTS)
    return next((name for name in names if outlines.exists(name)), "")


def _rust_file(outlines: ProjectOutlines, base: str) -> str:
    for tail in (".rs", "/mod.rs"):
        if outlines.exists(base + tail):
            return base + tail
    return ""


def _include(outlines: ProjectOutlines, path: str, module: str) -> str:
    """C: beside the file, or the only file whose path ends with the name."""
    near = normpath(f"{folder_of(path)}/{module}".removeprefix("/"))
    if outlines.exists(near):
        return near
    stem = module.rpartition("/")[2].partition(".")[0]
    found = [name for name in outlines.files(stem) if f"/{name}".endswith(f"/{module}")]
    return found[0] if len(found) == 1 else ""


_FINDERS: Mapping[str, Callable[[ProjectOutlines, str, str], str]] = {
    "dotted": _dotted,
    "relative": _relative,
    "folder": _folder,
    "package": _package,
    "crate": _crate,
    "include": _include,
}
