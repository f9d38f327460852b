"""Start runs, and tell them what the user wishes."""

import sys
from dataclasses import replace
from pathlib import Path

from gardener_core.errors import EngineLost, Remedy, RunBusy, RunMissing
from gardener_core.jobs import launch as launcher
from gardener_core.jobs.folder import Want, is_alive, read_wish, write_wish
from gardener_core.jobs.follow import last_attempt
from gardener_core.jobs.logout import way_around
from gardener_core.jobs.spec import Spec, read_spec, write_spec
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.processes import OFFLINE, run

LAUNCH_SECONDS = 20
# Named in the command line, so that a list of processes says what each one does.
_CODE = """\
from gardener_core.jobs import child
with child.job() as job:
    from gardener_core.jobs.kinds import {kind}
    job.run({kind}.work)
"""


def start(folder: Path, spec: Spec) -> None:
    """Write down what is asked, and start a process that does it."""
    make_folder(folder)
    write_spec(folder, spec)
    launch(folder, _CODE.format(kind=spec.kind))


def revive(folder: Path) -> None:
    """Start a run that has ended once more; it goes on from what it kept."""
    launch(folder, _CODE.format(kind=read_spec(folder).kind))


def wish_for(folder: Path, want: Want) -> None:
    """Ask the present attempt to go on, to pause or to stop."""
    if not is_alive(folder):
        raise RunBusy(f"Run {folder.name} has ended.", remedy=Remedy("resume", folder.name))
    write_wish(folder, replace(read_wish(folder), run=want))


def wish_for_checkpoint(folder: Path) -> None:
    """Ask the present attempt for a checkpoint now."""
    wish = read_wish(folder)
    write_wish(folder, replace(wish, checkpoint=wish.checkpoint + 1))


def launch(folder: Path, code: str) -> None:
    """Start a process for a run that nobody works on; its lock is taken before this returns."""
    if not folder.is_dir():
        raise RunMissing(f"There is no run {folder.name!r}.", remedy=Remedy("list runs"))
    # A wish that cannot be read says 0, and an attempt that counts again would not be followed.
    attempt = max(read_wish(folder).attempt, last_attempt(folder)) + 1
    launch_job: list[str | Path] = [
        sys.executable,
        "-I",
        "-S",
        launcher.__file__,
        folder,
        str(attempt),
        code,
    ]
    answer = run([*way_around(), *launch_job], LAUNCH_SECONDS, more=OFFLINE)
    if answer.returncode == launcher.ALREADY_RUNNING:
        raise RunBusy(
            f"Run {folder.name} is already running.", remedy=Remedy("follow", folder.name)
        )
    if answer.returncode:
        raise EngineLost(
            f"The run could not be started: {answer.stderr.decode('utf-8', 'replace').strip()}",
            remedy=Remedy("list runs"),
        )
