"""The main program of a job's process."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gardener_core import errors
from gardener_core.events.run import Failed, Finished, PhaseAdvanced, Stopped
from gardener_core.jobs import ballast
from gardener_core.jobs.control import RunControl
from gardener_core.jobs.folder import LOG
from gardener_core.jobs.follow import current_run
from gardener_core.jobs.writer import RunWriter
from gardener_core.settings.reading import load_settings
from gardener_core.store.database import Database
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.places import Places
from gardener_core.system.processes.user_command import start_user_command

NICE = 10
OOM_SCORE = 500
LONG_SECONDS = 20.0  # nobody waits for the end of a shorter run elsewhere


@contextmanager
def job() -> Iterator[RunControl]:
    """Record the work inside in its run folder, then end the process.

    Imports inside belong to the run: it can be paused and stopped from the beginning.
    """
    _lower_priority()
    writer = RunWriter(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    try:
        control = RunControl(writer)
        writer.write(PhaseAdvanced("importing"))
        control.importing()
        yield control
        writer.write(_finished(writer))
    except errors.StopRequested:
        writer.write(Stopped())
    except errors.GardenError as problem:
        writer.write(Failed(problem.code, problem.what, problem.hint, problem.remedy))
    except OSError as problem:
        _write_crash(writer, problem, full=ballast.is_full(problem))
    except Exception as problem:  # the one place where a process reports its own crash
        _write_crash(writer, problem)
    writer.make_durable()
    _register_end(writer.folder)
    _tell_user(writer)
    writer.release()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # without waiting for the clean-up of native libraries


def _lower_priority() -> None:
    """Give the screen and all other processes priority."""
    os.nice(NICE)
    os.umask(0o077)  # libraries would write files that others can read
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _register_end(folder: Path) -> None:
    """Update the list of runs; if that fails, the next start does it."""
    places = Places.of_user()
    if places.run(folder.name) != folder or not places.database.exists():
        return
    with suppress(errors.GardenError, OSError):
        table = RunTable(Database(places.database))
        table.keep(current_run(folder, table.get(folder.name)))


def _tell_user(writer: RunWriter) -> None:
    """Start the user's command for the end of a long run, also where no screen is open."""
    worked, waited = writer.seconds()
    if worked + waited < LONG_SECONDS:
        return
    with suppress(errors.GardenError, OSError):
        line = load_settings(Places.of_user().settings).runs.end_command
        state = current_run(writer.folder, Run(writer.folder.name, "train", "", 0.0, "running"))
        problem = start_user_command(line, writer.folder.name, state.state)
        if problem:
            print(f"runs.end_command: {problem}", file=sys.stderr)


def _finished(writer: RunWriter) -> Finished:
    worked, waited = writer.seconds()
    return Finished(round(worked, 3), round(waited, 3))


def _write_crash(writer: RunWriter, problem: Exception, full: bool = False) -> None:
    if full:
        ballast.release_ballast(writer.folder)  # space for this event and for the log
    traceback.print_exc()
    what = f"{type(problem).__name__}: {problem}"
    if full:
        remedy = errors.Remedy("resume", writer.folder.name)
        what = f"The disk is full: {problem}"
        writer.write(Failed(errors.DiskFull.code, what, "Free some space first.", remedy))
    else:
        writer.write(Failed("crash", what, f"The details are in {writer.folder / LOG}"))
