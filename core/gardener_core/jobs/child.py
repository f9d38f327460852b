"""The frame around every job's work."""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

from gardener_core import errors
from gardener_core.events import (
    Event,
    Failed,
    FilesRead,
    Finished,
    Paused,
    Queued,
    Resumed,
    Saved,
    Stalled,
    Started,
    Stopped,
)
from gardener_core.hardware import why_wait
from gardener_core.jobs import ballast
from gardener_core.jobs.folder import LOG, read_wish
from gardener_core.jobs.hand import Hand
from gardener_core.jobs.slots import Ticket
from gardener_core.jobs.spec import read_spec
from gardener_core.places import Places

NICE = 10
GO_FIRST_WHEN_MEMORY_ENDS = 500
POLL_SECONDS = 0.05
DROP_SECONDS = 0.5
SLOTS = 1

Work = Generator[Event, str | None, None]


def settle() -> None:
    """Step behind the screen before anything heavy is imported."""
    os.nice(NICE)
    os.umask(0o077)  # libraries write files that everybody could read
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(str(GO_FIRST_WHEN_MEMORY_ENDS))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_when_dropped, args=(Path(sys.argv[1]),), daemon=True).start()


def _end_when_dropped(folder: Path) -> None:
    """Nothing of a dropped run is wanted, so it ends even amid an import or a long step."""
    present = int(sys.argv[2])
    wish = read_wish(folder)
    while (wish.attempt, wish.run) != (present, "drop"):
        time.sleep(DROP_SECONDS)
        wish = read_wish(folder)
    os._exit(0)


def main(work: Callable[[Any, Places, Path], Work]) -> None:
    """Do the work that argv's run folder asks for, and tell how it ended."""
    folder, attempt, lock = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    hand = Hand(folder, attempt, lock)
    started = time.monotonic()
    try:
        spec = read_spec(folder)
        places = Places.of_user()
        slots = places.slots / "heavy" if spec.heavy else None
        frame = Frame(hand, slots, why_wait if spec.waits else None)
        frame.run(work(spec, places, folder))
        hand.tell(Finished(round(time.monotonic() - started, 3)))
    except errors.Stopped:
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


def _tell_crash(hand: Hand, problem: Exception, full: bool = False) -> None:
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


class Frame:
    """Runs one generator, and obeys the user between any two of its events."""

    def __init__(
        self, hand: Hand, slots: Path | None, why_wait: Callable[..., str] | None = None
    ) -> None:
        self._hand = hand
        self._slots = slots
        self._why_wait = why_wait
        self._ticket: Ticket | None = None
        self._checkpoints = 0
        self._terminated = False
        signal.signal(signal.SIGTERM, self._on_terminate)

    def run(self, work: Work) -> None:
        """Take the machine, then the work to its end."""
        self._take_machine()
        self._hand.tell(Started())
        asked: str | None = None
        while True:
            try:
                event = work.send(asked)
            except StopIteration:
                return
            self._hand.tell(event)
            if isinstance(event, Saved):
                self._hand.make_durable()
            asked = self._obey(work) if _is_border(event) else None

    def _obey(self, work: Work) -> str | None:
        wish = self._hand.wish()
        if wish.run == "pause":
            self._pause()
        elif self._why_wait and (reason := self._why_wait()):
            self._hold_back(reason)
        if self._must_stop():
            with suppress(StopIteration):
                work.throw(errors.Stopped("The run was asked to stop."))
            raise errors.Stopped("The run was asked to stop.")
        if wish.checkpoint > self._checkpoints:
            self._checkpoints = wish.checkpoint
            return "checkpoint"
        return None

    def _pause(self) -> None:
        """Hold still, with the machine given back, until the wish changes."""
        self._hand.tell(Paused())
        if self._ticket:
            self._ticket.give_back()
            self._ticket = None
        while self._hand.wish().run == "pause" and not self._terminated:
            time.sleep(POLL_SECONDS)
        if not self._must_stop():
            self._take_machine()
            self._hand.tell(Resumed())

    def _hold_back(self, reason: str) -> None:
        """Hold still by ourselves, until the reason is over or somebody wishes otherwise."""
        assert self._why_wait is not None
        self._hand.tell(Paused(reason))
        wished = self._hand.wished_at()
        while self._why_wait(going=False) and not self._must_stop():
            if self._hand.wished_at() != wished:
                self._why_wait = None  # told to go on all the same
                break
            time.sleep(POLL_SECONDS)
        if not self._must_stop():
            self._hand.tell(Resumed())

    def _take_machine(self) -> None:
        if self._slots is None:
            return
        self._ticket = Ticket(self._slots)
        told = 0
        while (ahead := self._ticket.ahead()) >= SLOTS:
            if self._must_stop():
                raise errors.Stopped("The run was asked to stop.")
            if ahead != told:
                self._hand.tell(Queued(ahead))
                told = ahead
            time.sleep(POLL_SECONDS)

    def _must_stop(self) -> bool:
        return self._terminated or self._hand.wish().run == "stop"

    def _on_terminate(self, signum: int, frame: object) -> None:
        self._terminated = True


def _is_border(event: Event) -> bool:
    """Whether all that was done until now is kept, so that holding still here loses nothing."""
    return not (isinstance(event, Stalled) or (isinstance(event, FilesRead) and event.uncommitted))
