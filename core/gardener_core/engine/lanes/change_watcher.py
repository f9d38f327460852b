"""Report changes in a project, in a process of its own."""

import os
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal, assert_never

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from gardener_core.code.files.ignore_rules import GITS, OURS
from gardener_core.code.files.listing import FileList, find_files
from gardener_core.code.files.walk import Stat
from gardener_core.code.secrets.detection import ALLOWED_FILE
from gardener_core.errors import BadInput
from gardener_core.system.processes.watchdog import end_with_parent

MOST_FOLDERS = 8000  # what many systems allow one user for all programs
DEBOUNCE_MS = 100
STEP_MS = 25
LOOK_MS = 2000  # how often to check that it is still the same folder
POLL_SECONDS = 1.0
LONGEST_POLL_SECONDS = 60.0
IDLE_SHARE = 20  # comparing takes at most a twentieth of the time
RETRY_SECONDS = 60.0
MOST_SURVEYS = 5
_MODIFIED = 2
# What editors write beside a file and remove again.
_SCRATCH = re.compile(r"~$|\.sw.$|^\.#|^\.DS_Store$|\.___jb_...___$|^flycheck_|^4913$")


@dataclass(frozen=True, slots=True)
class Ready:
    """Changes are reported from now on; by polling where there is a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class FilesChanged:
    """Files changed; `secrets`: perhaps also which secrets may be shown."""

    secrets: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The project's folder is not there; `Ready` follows when it is back."""


Report = Ready | FilesChanged | Gone
After = Literal["again", "poll", "gone"]


def serve(reports: Connection, root: str, most_folders: int = MOST_FOLDERS) -> None:
    """Report changes until the other side goes."""
    end_with_parent()
    try:
        _Watcher(reports, Path(root), most_folders).run()
    except (BrokenPipeError, EOFError):
        return


class _Watcher:
    """Watches each folder of the survey on its own, so that nothing leads out of the project."""

    def __init__(self, reports: Connection, root: Path, most_folders: int) -> None:
        self._reports = reports
        self._root = root
        self._place = os.path.realpath(root)
        self._most_folders = most_folders
        self._reason = ""
        self._was_ready: str | None = None  # the reason reported last
        self._is_gone = False

    def run(self) -> None:
        """Watch for ever, in whichever way works now."""
        after: After = "again"
        while True:
            match after:
                case "again":
                    after = self._watch()
                case "poll":
                    after = self._poll()
                case "gone":
                    after = self._wait_for_root()
                case _:
                    assert_never(after)

    def _watch(self) -> After:
        """Let the system report changes, until the set of folders changes."""
        for _ in range(MOST_SURVEYS):  # folders may appear while watches are set
            survey = self._survey()
            if survey is None:
                return "gone"
            if len(survey.folders) > self._most_folders:
                self._reason = f"it has more than {self._most_folders:,} folders"
                return "poll"
            mark = _mark(self._place)
            notify = self._notify(survey.folders)
            if notify is None:
                return "poll"
            again = self._survey()
            if again is not None and set(again.folders) == set(survey.folders):
                self._report_ready("")
                return self._follow(notify, again, mark)
            notify.close()
        self._reason = "its folders come and go too fast"
        return "poll"

    def _notify(self, folders: Collection[str]) -> RustNotify | None:
        paths = [os.path.join(self._place, folder) for folder in folders]
        for _ in range(MOST_SURVEYS):
            paths = [path for path in paths if os.access(path, os.R_OK | os.X_OK)]
            try:
                # Ignoring what is denied would also ignore the limit.
                return RustNotify(paths, False, False, 0, False, False)
            except (FileNotFoundError, PermissionError):  # changed since it was listed
                continue
            except (OSError, WatchfilesRustInternalError) as problem:
                reason = str(problem).partition(" about ")[0].rstrip(".")
                self._reason = f"this system cannot report changes ({reason})"
                return None
        self._reason = "its folders come and go too fast"
        return None

    def _follow(self, notify: RustNotify, survey: FileList, mark: tuple[int, int] | None) -> After:
        listed, folders = frozenset(survey.paths), frozenset(survey.folders)
        while True:
            events = notify.watch(DEBOUNCE_MS, STEP_MS, LOOK_MS, None)
            if _mark(self._place) != mark:  # the folder was replaced or removed
                return "again"
            if isinstance(events, str):
                continue
            changes = [(kind, self._inner(path)) for kind, path in events]
            paths = {path for _, path in changes if not _SCRATCH.search(os.path.basename(path))}
            if not paths:
                continue
            known = not paths.isdisjoint(listed)
            if known:
                self._report_changed(paths)
            if known and not _may_move_folders(changes):
                continue
            now = self._survey()
            if now is None:
                return "gone"
            if not known and (now.paths != survey.paths or _are_rules(paths)):
                self._report_changed(paths)
            if set(now.folders) != folders:
                return "again"
            survey, listed = now, frozenset(now.paths)

    def _poll(self) -> After:
        """Compare all files at intervals; a large project less often."""
        before: Mapping[str, Stat] | None = None
        retry = time.monotonic() + RETRY_SECONDS
        while True:
            began = time.monotonic()
            survey = self._survey(stats=True)
            if survey is None:
                return "gone"
            if before is None:
                self._report_ready(self._reason)
            elif survey.stats != before:
                self._report_changed({ALLOWED_FILE})
            before = survey.stats
            if len(survey.folders) <= self._most_folders and time.monotonic() > retry:
                return "again"
            cost = time.monotonic() - began
            time.sleep(min(max(POLL_SECONDS, IDLE_SHARE * cost), LONGEST_POLL_SECONDS))

    def _wait_for_root(self) -> After:
        """Ask once a second whether the folder is back."""
        self._was_ready = None
        if not self._is_gone:
            self._is_gone = True
            self._reports.send(Gone())
        time.sleep(POLL_SECONDS)
        while not self._root.is_dir():
            time.sleep(POLL_SECONDS)
        self._place = os.path.realpath(self._root)
        return "again"

    def _survey(self, *, stats: bool = False) -> FileList | None:
        try:
            return find_files(self._root, stats=stats)
        except (BadInput, OSError):
            return None

    def _inner(self, path: str) -> str:
        return path.removeprefix(f"{self._place}{os.sep}")

    def _report_ready(self, reason: str) -> None:
        """Report how changes are noticed, if that is new; what came meanwhile must be read."""
        self._is_gone = False
        if self._was_ready == reason:
            self._reports.send(FilesChanged(secrets=True))
        else:
            self._was_ready = reason
            self._reports.send(Ready(reason))

    def _report_changed(self, paths: Collection[str]) -> None:
        self._reports.send(FilesChanged(secrets=ALLOWED_FILE in paths))


def _may_move_folders(changes: Collection[tuple[int, str]]) -> bool:
    """Whether a path appeared or vanished, or a rule changed; else the folders are the same."""
    return any(kind != _MODIFIED for kind, _ in changes) or _are_rules([p for _, p in changes])


def _are_rules(paths: Collection[str]) -> bool:
    return any(os.path.basename(path) in (GITS, OURS, ALLOWED_FILE) for path in paths)


def _mark(place: str) -> tuple[int, int] | None:
    """The identity of a folder, whatever its name; None where there is none."""
    try:
        status = os.stat(place)
    except OSError:
        return None
    return status.st_dev, status.st_ino
