"""The life of a job's process."""

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
from gardener_core.jobs.writer import RunWriter

NICE = 10
GO_FIRST_WHEN_MEMORY_ENDS = 500


@contextmanager
def job() -> Iterator[RunControl]:
    """Tell all that happens in the run folder that argv names, and end the process after it.

    What is imported inside belongs to the run: it can be paused and stopped from the beginning.
    """
    _step_back()
    hand = RunWriter(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    try:
        frame = RunControl(hand)
        hand.tell(PhaseAdvanced("importing"))
        frame.importing()
        yield frame
        hand.tell(_finished(hand))
    except errors.StopRequested:
        hand.tell(Stopped())
    except errors.GardenError as problem:
        hand.tell(Failed(problem.code, problem.what, problem.hint, problem.remedy))
    except OSError as problem:
        _tell_crash(hand, problem, full=ballast.is_full(problem))
    except Exception as problem:  # the one place where a process reports its own death
        _tell_crash(hand, problem)
    hand.make_durable()
    hand.leave()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # native libraries have nothing to tidy up that we would wait for


def _step_back() -> None:
    """Let the screen and everybody else go first."""
    os.nice(NICE)
    os.umask(0o077)  # libraries write files that everybody could read
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(str(GO_FIRST_WHEN_MEMORY_ENDS))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _finished(hand: RunWriter) -> Finished:
    worked, waited = hand.seconds()
    return Finished(round(worked, 3), round(waited, 3))


def _tell_crash(hand: RunWriter, problem: Exception, full: bool = False) -> None:
    if full:
        ballast.drop(hand.folder)  # room for these words and for the log
    traceback.print_exc()
    what = f"{type(problem).__name__}: {problem}"
    if full:
        remedy = errors.Remedy("resume", hand.folder.name)
        told = f"The disk is full: {problem}"
        hand.tell(Failed(errors.DiskFull.code, told, "Make room first.", remedy))
    else:
        hand.tell(Failed("crash", what, f"The whole story is in {hand.folder / LOG}"))
