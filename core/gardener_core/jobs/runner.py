"""Start runs and send them requests."""

import contextlib
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Literal

from gardener_core.errors import EngineLost, Remedy, RunBusy, RunMissing
from gardener_core.jobs import launch as launcher
from gardener_core.jobs.folder import (
    KEEP,
    RequestedState,
    is_alive,
    read_request,
    write_request,
)
from gardener_core.jobs.follow import last_attempt
from gardener_core.jobs.logout import scope_command
from gardener_core.jobs.spec import PullSpec, Spec, read_spec, write_spec
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.processes.start import FETCHING, OFFLINE, run

LAUNCH_SECONDS = 20
END_SECONDS = 30.0
LAST_SECONDS = 5.0
POLL_SECONDS = 0.1
# The kind is in the command line, so that a list of processes shows what each one does.
_CODE = """\
from gardener_core.jobs import child
with child.job() as job:
    from gardener_core.jobs.kinds import {kind}
    job.run({kind}.work)
"""


def start(folder: Path, spec: Spec) -> None:
    """Write the spec of a run and start a process for it."""
    make_folder(folder)
    write_spec(folder, spec)
    launch(folder, _CODE.format(kind=spec.kind), offline=spec.kind != PullSpec.kind)


def revive(folder: Path) -> None:
    """Start a run that has ended again; it continues from what it saved."""
    kind = read_spec(folder).kind
    launch(folder, _CODE.format(kind=kind), offline=kind != PullSpec.kind)


def request(folder: Path, state: RequestedState) -> None:
    """Ask the present attempt to run, to pause or to stop."""
    if not is_alive(folder):
        raise RunBusy(f"Run {folder.name} has ended.", remedy=Remedy("resume", folder.name))
    write_request(folder, replace(read_request(folder), run=state))


def end(folder: Path, state: Literal["stop", "drop"]) -> None:
    """Ask a run to end until it has."""
    last = time.monotonic() + END_SECONDS
    while is_alive(folder):
        with contextlib.suppress(RunBusy):  # it may have ended this moment
            request(folder, state)
        if time.monotonic() > last:
            raise RunBusy(f"Run {folder.name} does not end.", remedy=Remedy("follow", folder.name))
        time.sleep(POLL_SECONDS)


def wait_for_end(folder: Path) -> None:
    """Wait a moment for a run that has written its last event, and is about to end."""
    last = time.monotonic() + LAST_SECONDS
    while is_alive(folder) and time.monotonic() < last:
        time.sleep(POLL_SECONDS)


def keep(folder: Path) -> None:
    """Start a run that has ended again, to make an adapter of its best checkpoint."""
    (folder / KEEP).touch(0o600)
    revive(folder)


def request_checkpoint(folder: Path) -> None:
    """Ask the present attempt for a checkpoint."""
    present = read_request(folder)
    write_request(folder, replace(present, checkpoint=present.checkpoint + 1))


def launch(folder: Path, code: str, *, offline: bool = True) -> None:
    """Start a process for a run; its lock is held when this returns.

    Offline, no library in it looks for anything on the network.
    """
    if not folder.is_dir():
        raise RunMissing(f"There is no run {folder.name!r}.", remedy=Remedy("list runs"))
    # An unreadable request has attempt 0, and followers ignore an attempt number that repeats.
    attempt = max(read_request(folder).attempt, last_attempt(folder)) + 1
    launch_job: list[str | Path] = [
        sys.executable,
        "-I",
        "-S",
        launcher.__file__,
        folder,
        str(attempt),
        code,
    ]
    result = run(
        [*scope_command(), *launch_job], LAUNCH_SECONDS, more=OFFLINE if offline else FETCHING
    )
    if result.returncode == launcher.ALREADY_RUNNING:
        raise RunBusy(
            f"Run {folder.name} is already running.", remedy=Remedy("follow", folder.name)
        )
    if result.returncode:
        raise EngineLost(
            f"The run could not be started: {result.stderr.decode('utf-8', 'replace').strip()}",
            remedy=Remedy("list runs"),
        )
