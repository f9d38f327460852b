"""Check what works and what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.git import PROGRAM, git_version
from gardener_core.errors import Remedy
from gardener_core.events.switch import MemoryUse
from gardener_core.jobs.logout import lingers, logging_out_kills, scope_command
from gardener_core.models.catalogue.entry import STARTER
from gardener_core.models.ollama.probe import probe
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.system.hardware import MOUNTS, available_bytes, network_file_system, usable_cores
from gardener_core.system.numbers import size
from gardener_core.system.places import Places
from gardener_core.system.processes.start import python_command, run
from gardener_core.system.versions import installed_version
from gardener_core.upkeep.budget import MemoryBudget, measured
from gardener_core.upkeep.orphans import Orphans

OLDEST, NEWEST = (3, 11), (3, 13)
MEGABYTE = 1_000_000
NEEDED_MEMORY = 600 * MEGABYTE  # training on the seedling reached 563 MB
NEEDED_DISK = 1000 * MEGABYTE
DEVICE_SECONDS = 60
_ASK_DEVICE = (
    "import torch; "
    "print('cuda ' + torch.cuda.get_device_name(0) if torch.cuda.is_available() else "
    "'mps' if torch.backends.mps.is_available() else 'cpu')"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was found, what is needed, and what to do."""

    name: str
    ok: bool
    found: str
    needed: str
    hint: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Doctor:
    """Checks the machine and the garden; changes nothing."""

    places: Places
    database: Database
    audit: AuditLog
    settings_warning: Callable[[], str]
    orphans: Orphans
    ollama_models: Callable[[], Collection[str]]
    budget: Callable[[], MemoryBudget]
    memory_use: Callable[[], MemoryUse]
    by_itself: Callable[[], str]

    def checks(self, environment: Mapping[str, str] = os.environ) -> Iterator[Check]:
        """Every check, the quick ones first."""
        yield python()
        yield terminal(environment)
        yield cores()
        yield memory()
        yield self._budget()
        yield disk(self.places.data)
        yield git()
        yield permissions(self.places)
        yield network(self.places.data)
        yield logout()
        yield self._settings()
        yield self._database()
        yield self._orphans()
        yield Check("trains by itself", True, self.by_itself(), "", "")
        yield base_models(self.places)
        yield ollama(environment, self.ollama_models())
        yield torch()
        yield device()

    def _budget(self) -> Check:
        """What the bases of the projects take of what they may take."""
        budget = self.budget()
        said = [f"{size(budget.limit)} for models" if budget.limit else "unknown on this system"]
        said += [one.sentence for one in budget.bases]
        found = "; ".join(said) + f". {measured(self.memory_use())}".rstrip()
        return Check("budget", not budget.hint, found, "each base fits alone", budget.hint)

    def _settings(self) -> Check:
        warning = self.settings_warning()
        found = warning or "No mistakes."
        hint = "Correct these lines." if warning else ""
        remedy = Remedy("show settings") if warning else None
        return Check("settings", not warning, found, "a file without mistakes", hint, remedy)

    def _database(self) -> Check:
        problem = self.database.problem()
        if not problem:
            problem = self.audit.verify().what
        remedy = Remedy("verify audit") if problem else None
        needed = "whole, the log unbroken"
        return Check("database", not problem, problem or "Whole.", needed, "", remedy)

    def _orphans(self) -> Check:
        orphans = self.orphans.all()
        found = ", ".join(f"{orphan.kind} {orphan.name}" for orphan in orphans) or "None."
        remedy = Remedy("repair") if orphans else None
        return Check("orphans", not orphans, found, "each folder with its row", "", remedy)


def python() -> Check:
    """The version of Python."""
    ok = OLDEST <= sys.version_info[:2] <= NEWEST
    needed = f"{'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))}"
    hint = "" if ok else "Install one of these, then: make setup PYTHON=/path/to/it"
    return Check("python", ok, sys.version.split()[0], needed, hint)


def terminal(environment: Mapping[str, str]) -> Check:
    """Whether the terminal can show the screen."""
    name = environment.get("TERM", "")
    size = shutil.get_terminal_size((0, 0))
    encoding = (sys.stdout.encoding or "").lower().replace("-", "") if sys.stdout else ""
    colours = environment.get("COLORTERM", "")
    found = f"TERM={name or '(empty)'} {colours} {encoding} {size.columns}x{size.lines}"
    if name in ("", "dumb"):
        hint = "Use a terminal that can move its cursor; everything works without a screen too."
    elif encoding != "utf8":
        hint = "Run with LC_ALL=C.UTF-8"
    else:
        hint = ""
    return Check("terminal", not hint, " ".join(found.split()), "UTF-8, a movable cursor", hint)


def cores() -> Check:
    """The usable cores."""
    count = usable_cores()
    return Check("cores", True, f"{count} usable", "1", "")


def memory() -> Check:
    """The memory available now."""
    free = available_bytes()
    if not free:
        return Check("memory", True, "unknown on this system", _megabytes(NEEDED_MEMORY), "")
    ok = free >= NEEDED_MEMORY
    hint = "" if ok else "Close other programs before training."
    return Check("memory", ok, _megabytes(free), _megabytes(NEEDED_MEMORY), hint)


def disk(folder: Path) -> Check:
    """Free space on the garden's disk."""
    free = shutil.disk_usage(folder).free
    ok = free >= NEEDED_DISK
    hint = "" if ok else f"Free some space on the disk of {folder}, or set GARDENER_HOME."
    return Check("disk", ok, _megabytes(free), _megabytes(NEEDED_DISK), hint)


def git() -> Check:
    """Git, which lists tracked files and commits."""
    found = git_version()
    hint = "" if found else "Install git; until then no file counts as tracked."
    return Check(PROGRAM, bool(found), found or "not installed", "any version", hint)


def permissions(places: Places) -> Check:
    """Whether other users of this machine can read the garden."""
    open_ = [path for path in _ours(places) if path.exists() and path.stat().st_mode & 0o077]
    found = f"others can enter or read {', '.join(map(str, open_))}" if open_ else "Private."
    hint = f"Run: chmod -R go= {' '.join(map(str, open_))}" if open_ else ""
    return Check("permissions", not open_, found, "folders 0700, files 0600", hint)


def _ours(places: Places) -> tuple[Path, ...]:
    return (places.config, places.settings, places.data, places.database, places.runs)


def network(folder: Path, mounts: Path = MOUNTS) -> Check:
    """Whether the garden is on a disk with reliable locks."""
    kind = network_file_system(folder.resolve(), mounts)
    hint = "Set GARDENER_HOME to a folder on a disk of this machine." if kind else ""
    found = f"{folder} is on {kind}" if kind else f"{folder} is on a disk of this machine"
    return Check("file system", not kind, found, "no network file system: locks fail there", hint)


def logout() -> Check:
    """Whether runs continue after logging out."""
    needed = "runs continue"
    if not logging_out_kills():
        return Check("logging out", True, "Runs continue.", needed, "")
    if scope_command() and lingers():
        return Check("logging out", True, "Runs are started in a scope of their own.", needed, "")
    found = "systemd ends your processes when you log out (KillUserProcesses)."
    return Check("logging out", False, found, needed, "Run: loginctl enable-linger")


def base_models(places: Places) -> Check:
    """Which base models are here, and how to get one."""
    store = ModelStore(places)
    here = [model.name for model in store.all()]
    damaged = [problem.what for problem in store.damaged()]
    found = "; ".join([", ".join(here) or "none", *damaged])
    real = [name for name in here if name != SEEDLING]
    hint = "" if real else "Training and completion need one; the starter is 98 MB."
    remedy = None if real and not damaged else Remedy("pull", STARTER)
    return Check("models", bool(real) and not damaged, found, "one base model", hint, remedy)


def ollama(environment: Mapping[str, str], wanted: Collection[str]) -> Check:
    """An Ollama server, which is optional unless the settings name models of it."""
    status = probe(environment, wanted)
    names = ", ".join(sorted(wanted))
    needed = f"{names}, which the settings name" if names else "only where you want its models"
    ok = status.state == "up" or not wanted
    hint, remedy = ("", None) if ok else (status.hint, status.remedy)
    if status.state == "too old":  # it works for nothing, and that is easily mended
        hint = status.hint
    return Check("ollama", ok, status.what, needed, hint, remedy)


def torch() -> Check:
    """The version of torch, found without loading it."""
    found = installed_version("torch")
    hint = "" if found else "Run: make setup"
    return Check("torch", bool(found), found or "not installed", "2.8 or later", hint)


def device() -> Check:
    """The device that torch would use, found in a child process."""
    found = _first_line_of(_ASK_DEVICE)
    hint = "" if found else f'Run: {sys.executable} -c "import torch"'
    return Check("device", bool(found), found or "torch does not load", "cpu is enough", hint)


def _first_line_of(code: str) -> str:
    """The first line that code prints in a child process; empty if it fails."""
    try:
        result = run(python_command(code), DEVICE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = result.stdout.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines and result.returncode == 0 else ""


def _megabytes(count: int) -> str:
    return f"{count // MEGABYTE:,} MB"
