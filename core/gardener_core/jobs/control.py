"""Obey the user while a run works."""

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from gardener_core import errors
from gardener_core.events.index import FilesRead, Stalled
from gardener_core.events.run import Heard, Paused, Queued, Resumed, Started
from gardener_core.events.train import Checkpointed, Saved
from gardener_core.events.union import Event
from gardener_core.jobs.folder import Wish
from gardener_core.jobs.slots import Ticket
from gardener_core.jobs.spec import read_spec
from gardener_core.jobs.writer import RunWriter
from gardener_core.system.hardware import why_wait
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

POLL_SECONDS = 0.05
LISTEN_SECONDS = 0.1
# A wish that is not obeyed by then is told as heard.
PATIENCE_SECONDS = 0.3
SLOTS = 1

Work = Generator[Event, str | None, None]
WorkFunction = Callable[..., Work]


class RunControl:
    """Runs one generator; obeys between its events, and at once where it may be interrupted.

    A thread listens for wishes and wakes the main thread: between two bytecodes of a block that
    is `Interruptible` the main thread then holds still, or is ended by `Stopped`.
    """

    def __init__(self, hand: RunWriter, why_wait: Callable[..., str] = why_wait) -> None:
        self._hand = hand
        self._slots: Path | None = None
        self._why_wait: Callable[..., str] | None = why_wait
        self._ticket: Ticket | None = None
        self._checkpoints = 0
        self._terminated = self._stop_seen = False
        self._at_work = self._holding = self._thrown = False
        self._interruptible = Interruptible()
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGUSR1, self._on_wish)
        threading.Thread(target=self._listen, daemon=True).start()

    def importing(self) -> None:
        """From now until `run`, all that is done may be interrupted."""
        self._interruptible.__enter__()
        self._at_work = True

    def run(self, work_of: WorkFunction) -> None:
        """Do what the run's folder asks for, with a place among the heavy runs if it is heavy."""
        self._at_work = False
        self._interruptible.__exit__(None, None, None)
        spec, places = read_spec(self._hand.folder), Places.of_user()
        self._slots = places.slots / "heavy" if spec.heavy else None
        if not spec.waits:
            self._why_wait = None
        self.work_off(work_of(spec, places, self._hand.folder, self._interruptible))

    def work_off(self, work: Work) -> None:
        """Take the machine, then the work to its end."""
        if not self._take_machine():
            self._stop()
        self._hand.tell(Started())
        asked: str | None = None
        while (event := self._next(work, asked)) is not None:
            self._hand.tell(event)
            if isinstance(event, Saved):
                self._hand.make_durable()
            elif isinstance(event, Checkpointed):
                self._checkpoints = self._hand.wish().checkpoint
            asked = self._obey(work) if _is_border(event) else None

    def _next(self, work: Work, asked: str | None) -> Event | None:
        self._at_work = True
        try:
            return work.send(asked)
        except StopIteration:
            return None
        finally:
            self._at_work = False

    # Obeying.

    def _obey(self, work: Work) -> str | None:
        wish = self._hand.wish()
        if wish.run == "pause":
            self._pause()
        elif self._why_wait and (reason := self._why_wait()):
            self._hold_back(reason)
        if self._must_stop():
            self._end(work)
        # Asked for until it was written: a part of the work that has nothing to write passes it on.
        return "checkpoint" if wish.checkpoint > self._checkpoints else None

    def _end(self, work: Work) -> NoReturn:
        """Let the work keep what it has, and tell what it says of that."""
        with suppress(StopIteration, errors.StopRequested):
            self._hand.tell(work.throw(errors.StopRequested("The run was asked to stop.")))
        self._stop()

    def _stop(self) -> NoReturn:
        self._thrown = True
        raise errors.StopRequested("The run was asked to stop.")

    def _pause(self) -> None:
        """Hold still, with the machine given back, until the wish changes."""
        began, self._holding = time.monotonic(), True
        had_machine = self._ticket is not None
        if self._ticket:
            self._ticket.give_back()
            self._ticket = None
        self._hold_while_paused()
        if not self._must_stop() and (not had_machine or self._take_machine()):
            self._hand.tell(Resumed())
        self._interruptible.held_seconds += time.monotonic() - began
        self._holding = False

    def _hold_while_paused(self) -> None:
        self._hand.tell(Paused())
        while self._hand.wish().run == "pause" and not self._terminated:
            time.sleep(POLL_SECONDS)

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

    def _take_machine(self) -> bool:
        """Wait for a place among the heavy runs; false where a wish to stop came first."""
        if self._slots is None:
            return True
        self._holding = True
        ticket, told = Ticket(self._slots), 0
        while (ahead := ticket.ahead()) >= SLOTS:
            if self._must_stop():
                ticket.give_back()
                return False
            if self._hand.wish().run == "pause":
                ticket.give_back()
                self._hold_while_paused()
                ticket, told = Ticket(self._slots), 0
            elif ahead != told:
                self._hand.tell(Queued(ahead))
                told = ahead
            time.sleep(POLL_SECONDS)
        self._ticket, self._holding = ticket, False
        return True

    def _must_stop(self) -> bool:
        """Whether the run has to end; once that is so it stays so."""
        self._stop_seen = self._stop_seen or self._terminated or self._hand.wish().run == "stop"
        return self._stop_seen

    # Listening.

    def _listen(self) -> None:
        since = 0.0
        told: tuple[str, int] | None = None
        while True:
            time.sleep(LISTEN_SECONDS)
            wish = self._hand.wish()
            if wish.run == "drop":
                os._exit(0)  # nothing of a dropped run is wanted, whatever it is doing
            open_wish = self._unobeyed(wish)
            if open_wish is None:
                since, told = 0.0, None
                continue
            since = since or time.monotonic()
            if open_wish[0] != "checkpoint":
                _thread.interrupt_main(signal.SIGUSR1)
            if open_wish != told and time.monotonic() - since > PATIENCE_SECONDS:
                told = open_wish
                self._hand.tell(_heard(open_wish[0]))

    def _unobeyed(self, wish: Wish) -> tuple[str, int] | None:
        if self._thrown:
            return None
        if wish.run == "stop" or self._terminated:
            return "stop", 0
        if self._holding:
            return None
        if wish.run == "pause":
            return "pause", 0
        return ("checkpoint", wish.checkpoint) if wish.checkpoint > self._checkpoints else None

    def _on_wish(self, signum: int, frame: object) -> None:
        if not (self._at_work and self._interruptible.is_open) or self._holding or self._thrown:
            return
        if self._hand.wish().run == "pause":
            self._pause()
        if self._must_stop():
            self._stop()

    def _on_terminate(self, signum: int, frame: object) -> None:
        self._terminated = True


def _heard(wish: str) -> Heard:
    return Heard("stop") if wish == "stop" else Heard("pause" if wish == "pause" else "checkpoint")


def _is_border(event: Event) -> bool:
    """Whether all that was done until now is kept, so that holding still here loses nothing."""
    return not (isinstance(event, Stalled) or (isinstance(event, FilesRead) and event.uncommitted))
