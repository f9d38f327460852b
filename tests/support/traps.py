"""Repositories that want to start a program."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CODE = "def first():\n    return {0}\n\n\nclass Shop:\n    def second(self):\n        return {1}\n"
USER = {
    "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C",
}  # fmt: skip
SIGNED = """tree {tree}
parent {parent}
author Ann <a@example.org> 1700000000 +0000
committer Ann <a@example.org> 1700000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 iQ
 -----END PGP SIGNATURE-----

The second one gives four
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A repository, the program that it wants started, and the mark that this leaves."""

    root: Path
    program: Path
    mark: Path

    def git(self, *arguments: str, folder: str = "") -> str:
        """Git as anybody starts it; what it says."""
        answer = subprocess.run(
            ["git", "-C", str(self.root / folder), *arguments],
            env={**os.environ, **USER}, capture_output=True, text=True, check=False, timeout=30,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return answer.stdout

    def set(self, *pairs: str) -> None:
        """Settings of the repository, each as `key=value`."""
        for pair in pairs:
            key, _, value = pair.partition("=")
            self.git("config", key, value)


def lay_out(folder: Path) -> Scene:
    """A small project with three commits and a change, and a program outside of it."""
    root, program, mark = folder / "web", folder / "program", folder / "mark"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {mark}\nexit 0\n')
    program.chmod(0o755)
    root.mkdir(parents=True)
    scene = Scene(root, program, mark)
    scene.git("init", "-q", "-b", "main")
    scene.set("gc.auto=0")
    said = ("All of the code so far", "The second one gives two", "The first one gives three")
    for subject, values in zip(said, ((1, 1), (1, 2), (3, 2)), strict=True):
        (root / "code.py").write_text(CODE.format(*values))
        scene.git("add", "-A")
        scene.git("commit", "-qm", subject)
    (root / "code.py").write_text(CODE.format(3, 5))
    (root / "new.py").write_text("def untracked(): ...\n")
    return scene


@dataclass(frozen=True, slots=True)
class Trap:
    """How a repository is made hostile, and the git command that falls into it.

    Without a command nobody here can show it fall: it wants a terminal or a network.
    """

    name: str
    set_up: Callable[[Scene], None]
    falls: tuple[str, ...] = ()
    folder: str = ""


def _fsmonitor(scene: Scene) -> None:
    scene.set(f"core.fsmonitor={scene.program}")


def _included(scene: Scene) -> None:
    (scene.root / "evil.cfg").write_text(f"[core]\nfsmonitor = {scene.program}\n")
    scene.set("include.path=../evil.cfg")


def _included_if(scene: Scene) -> None:
    (scene.root / "evil.cfg").write_text(f"[core]\nfsmonitor = {scene.program}\n")
    scene.set("includeIf.gitdir:/.path=../evil.cfg")


def _bare_inside(scene: Scene) -> None:
    """What a clone brings along: folders and files like any other."""
    inner = scene.root / "inner"
    for name in ("objects", "refs"):
        (inner / name).mkdir(parents=True)
        (inner / name / "keep").touch()
    (inner / "HEAD").write_text("ref: refs/heads/main\n")
    (inner / "config").write_text(
        "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\n"
        f"fsmonitor = {scene.program}\n"
    )
    scene.git("add", "-A")


def _filter(scene: Scene, how: str) -> None:
    (scene.root / ".gitattributes").write_text("*.py filter=x diff=x\n")
    scene.set(f"filter.x.{how}={scene.program}", "filter.x.required=true")


def _signature(scene: Scene) -> None:
    tree, parent = scene.git("rev-parse", "HEAD^{tree}", "HEAD").split()
    commit = subprocess.run(
        ["git", "-C", str(scene.root), "hash-object", "-t", "commit", "-w", "--stdin"],
        input=SIGNED.format(tree=tree, parent=parent), capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    scene.git("update-ref", "HEAD", commit)
    scene.set("log.showSignature=true", f"gpg.program={scene.program}")


def _textconv(scene: Scene) -> None:
    (scene.root / ".gitattributes").write_text("*.py diff=x\n")
    scene.set(f"diff.x.textconv={scene.program}")


def _driver(scene: Scene) -> None:
    (scene.root / ".gitattributes").write_text("*.py diff=x\n")
    scene.set(f"diff.x.command={scene.program}")


def _external(scene: Scene) -> None:
    scene.set(f"diff.external={scene.program}")


def partial(scene: Scene, url: str, *settings: str) -> None:
    """A clone that lacks an older file; to ask for it is to ask the remote."""
    blob = scene.git("rev-parse", "HEAD~1:code.py").strip()
    (scene.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    scene.set(
        "core.repositoryformatversion=1", "extensions.partialClone=origin",
        f"remote.origin.url={url}", "remote.origin.promisor=true",
        "remote.origin.partialclonefilter=blob:none", *settings,
    )  # fmt: skip


def _hooks(scene: Scene) -> None:
    """Plain git writes the index, and so starts the hook, for a file that has only a new time."""
    scene.git("add", "code.py")
    hooks = scene.root / "hooks"
    hooks.mkdir()
    shutil.copy(scene.program, hooks / "post-index-change")
    scene.set("core.hooksPath=hooks")
    os.utime(scene.root / "code.py", (1, 1))


def _pager(scene: Scene) -> None:
    scene.set(
        f"core.pager={scene.program}", f"alias.ls-files=!{scene.program}",
        f"core.editor={scene.program}",
        f"core.askPass={scene.program}", f"credential.helper=!{scene.program}",
        f"trailer.x.command={scene.program}", f"interactive.diffFilter={scene.program}",
    )  # fmt: skip


def _pointer(scene: Scene) -> None:
    """The `.git` is a file that leads to a folder beside the project."""
    elsewhere = scene.root.parent / "elsewhere"
    (scene.root / ".git").rename(elsewhere)
    (scene.root / ".git").write_text("gitdir: ../elsewhere\n")
    scene.set(f"core.fsmonitor={scene.program}")


def _submodule(scene: Scene) -> None:
    inner = scene.root / "library"
    inner.mkdir()
    sub = Scene(inner, scene.program, scene.mark)
    sub.git("init", "-q")
    (inner / "a.py").write_text("x = 1\n")
    sub.git("add", "-A")
    sub.git("commit", "-qm", "All of it")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "A part of others")
    sub.set(f"core.fsmonitor={scene.program}")
    (inner / "a.py").write_text("x = 2\n")


LAZY = ("show", "HEAD~1:code.py")
TRAPS = [
    Trap("fsmonitor", _fsmonitor, ("ls-files", "-co", "--exclude-standard")),
    Trap("include", _included, ("status",)),
    Trap("include-if", _included_if, ("status",)),
    Trap("bare-inside", _bare_inside, ("status",), folder="inner"),
    Trap("filter-clean", lambda scene: _filter(scene, "clean"), ("diff", "--stat", "HEAD")),
    Trap("filter-process", lambda scene: _filter(scene, "process"), ("diff", "--stat", "HEAD")),
    Trap("signature", _signature, ("log", "-n1")),
    Trap("textconv", _textconv, ("show", "HEAD")),
    Trap("driver", _driver, ("diff", "HEAD")),
    Trap("external", _external, ("diff", "HEAD")),
    Trap(
        "partial-ext",
        lambda scene: partial(scene, f"ext::{scene.program} %S", "protocol.ext.allow=always"),
        LAZY,
    ),
    Trap(
        "partial-ssh",
        lambda scene: partial(scene, "ssh://example.org/x", f"core.sshCommand={scene.program}"),
        LAZY,
    ),
    Trap(
        "partial-uploadpack",
        lambda scene: partial(
            scene, str(scene.root), f"remote.origin.uploadpack={scene.program}"
        ),
        LAZY,
    ),
    Trap(
        "partial-proxy",
        lambda scene: partial(scene, "git://example.org/x", f"core.gitProxy={scene.program}"),
        LAZY,
    ),
    Trap("hooks", _hooks, ("status",)),
    Trap("pager-and-aliases", _pager),
    Trap("pointer", _pointer, ("status",)),
    Trap("submodule", _submodule, ("diff", "HEAD")),
]  # fmt: skip
