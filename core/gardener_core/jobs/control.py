"""Carry out requests while a job works."""

import _thread
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from gardener_core import errors
from gardener_core.events.index import FilesRead, Stalled
from gardener_core.events.run import Heard, Paused, Queued, Resumed, Started
from gardener_core.events.sentences import sentence
from gardener_core.events.train import Checkpointed, Saved
from gardener_core.events.union import Event
from gardener_core.jobs.folder import EVENTS, RunRequest
from gardener_core.jobs.slots import Ticket
from gardener_core.jobs.spec import GrowSpec, TrainSpec, read_spec
from gardener_core.jobs.writer import RunWriter
from gardener_core.settings.reading import read_settings
from gardener_core.settings.schema import AlertSettings
from gardener_core.system.hardware import reason_to_wait
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from gardener_core.system.processes.user_command import start_user_command
from gardener_core.training.alerts import AlertWatch, fired_before

POLL_SECONDS = 0.05
LISTEN_SECONDS = 0.1
# A request not carried out by then is acknowledged with an event.
PATIENCE_SECONDS = 0.3
SLOTS = 1

Work = Generator[Event, str | None, None]
WorkFunction = Callable[..., Work]


class RunControl:
    """Runs one generator; requests take effect between its events.

    A thread polls for requests and signals the main thread: inside a block that is `Interruptible`
    the main thread pauses or stops at once, between two bytecodes.
    """

    def __init__(
        self, writer: RunWriter, reason_to_wait: Callable[..., str] = reason_to_wait
    ) -> None:
        self._writer = writer
        self._slots: Path | None = None
        self._reason_to_wait: Callable[..., str] | None = reason_to_wait
        self._writes: Path | None = None
        self._ticket: Ticket | None = None
        self._watch: AlertWatch | None = None
        self._alerts = AlertSettings()
        self._checkpoints = 0
        self._terminated = self._stop_seen = False
        self._working = self._paused = self._stopping = False
        self._interruptible = Interruptible()
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGUSR1, self._on_request)
        threading.Thread(target=self._poll_requests, daemon=True).start()

    def importing(self) -> None:
        """Allow interruptions until `run` is called, and look for no garbage among modules."""
        gc.disable()
        self._interruptible.__enter__()
        self._working = True

    def run(self, work_of: WorkFunction) -> None:
        """Do what the run's spec asks for."""
        gc.freeze()
        gc.enable()
        self._working = False
        self._interruptible.__exit__(None, None, None)
        spec, places = read_spec(self._writer.folder), Places.of_user()
        self._slots = places.slots / "heavy" if spec.heavy else None
        if not spec.waits:
            self._reason_to_wait = None
        if isinstance(spec, TrainSpec):
            self._writes = self._writer.folder
        if isinstance(spec, TrainSpec | GrowSpec):
            self._alerts = read_settings(places.settings).settings.alerts
            fired = fired_before(self._writer.folder / EVENTS)
            self._watch = AlertWatch(self._alerts, self._writer.folder, fired)
        self.run_to_end(work_of(spec, places, self._writer.folder, self._interruptible))

    def run_to_end(self, work: Work) -> None:
        """Wait for the machine, then run the work to its end."""
        if not self._take_machine():
            self._stop()
        self._writer.write(Started())
        reply: str | None = None
        while (event := self._next(work, reply)) is not None:
            self._writer.write(event)
            self._raise_alerts(event)
            if isinstance(event, Saved):
                self._writer.make_durable()
            elif isinstance(event, Checkpointed):
                self._checkpoints = self._writer.request().checkpoint
            reply = self._carry_out(work) if _is_interruptible_after(event) else None

    def _raise_alerts(self, event: Event) -> None:
        """Write the alarms of the user's own rules, and start the command for each."""
        for alert in self._watch.take(event) if self._watch else ():
            self._writer.write(alert)
            arguments = self._writer.folder.name, alert.rule, sentence(alert)
            problem = start_user_command(self._alerts.command, *arguments)
            if problem:
                print(f"alerts.command: {problem}", file=sys.stderr)

    def _next(self, work: Work, reply: str | None) -> Event | None:
        self._working = True
        try:
            return work.send(reply)
        except StopIteration:
            return None
        finally:
            self._working = False

    # Carrying out requests, in the main thread.

    def _carry_out(self, work: Work) -> str | None:
        request = self._writer.request()
        if request.run == "pause":
            self._pause()
        elif self._reason_to_wait and (reason := self._reason_to_wait(writes=self._writes)):
            self._wait_for_resources(reason)
        if self._must_stop():
            self._end_work(work)
        # Repeated until one is written: a phase that has nothing to write passes it on.
        return "checkpoint" if request.checkpoint > self._checkpoints else None

    def _end_work(self, work: Work) -> NoReturn:
        """Let the work save what it has, and write the event that it yields."""
        with suppress(StopIteration, errors.StopRequested):
            self._writer.write(work.throw(errors.StopRequested("The run was asked to stop.")))
        self._stop()

    def _stop(self) -> NoReturn:
        self._stopping = True
        raise errors.StopRequested("The run was asked to stop.")

    def _pause(self) -> None:
        """Pause without the machine until the request changes."""
        began, self._paused = time.monotonic(), True
        had_machine = self._ticket is not None
        if self._ticket:
            self._ticket.release()
            self._ticket = None
        self._wait_while_paused()
        if not self._must_stop() and (not had_machine or self._take_machine()):
            self._writer.write(Resumed())
        self._interruptible.paused_seconds += time.monotonic() - began
        self._paused = False

    def _wait_while_paused(self) -> None:
        self._writer.write(Paused())
        while self._writer.request().run == "pause" and not self._terminated:
            time.sleep(POLL_SECONDS)

    def _wait_for_resources(self, reason: str) -> None:
        """Pause until the reason is over or the user makes another request."""
        self._writer.write(Paused(reason))
        requested_at = self._writer.request_time_ns()
        began = time.monotonic()
        while self._must_wait() and not self._must_stop():
            if self._writer.request_time_ns() != requested_at:
                self._reason_to_wait = None  # the user wants it to run anyway
                break
            time.sleep(POLL_SECONDS)
        self._interruptible.paused_seconds += time.monotonic() - began
        if not self._must_stop():
            self._writer.write(Resumed())

    def _must_wait(self) -> bool:
        assert self._reason_to_wait is not None
        return bool(self._reason_to_wait(running=False, writes=self._writes))

    def _take_machine(self) -> bool:
        """Wait for a slot among the heavy runs; false if asked to stop first."""
        if self._slots is None:
            return True
        self._paused = True
        ticket, reported = Ticket(self._slots), 0
        while (ahead := ticket.count_ahead()) >= SLOTS:
            if self._must_stop():
                ticket.release()
                return False
            if self._writer.request().run == "pause":
                ticket.release()
                self._wait_while_paused()
                ticket, reported = Ticket(self._slots), 0
            elif ahead != reported:
                self._writer.write(Queued(ahead))
                reported = ahead
            time.sleep(POLL_SECONDS)
        self._ticket, self._paused = ticket, False
        return True

    def _must_stop(self) -> bool:
        """Whether the run has to end; once true it stays true."""
        asked_to_stop = self._terminated or self._writer.request().run == "stop"
        self._stop_seen = self._stop_seen or asked_to_stop
        return self._stop_seen

    # Polling for requests, in a thread, and signals.

    def _poll_requests(self) -> None:
        since = 0.0
        acknowledged: tuple[str, int] | None = None
        while True:
            time.sleep(LISTEN_SECONDS)
            request = self._writer.request()
            if request.run == "drop":
                os._exit(0)  # a dropped run ends at once, whatever it is doing
            pending = self._pending(request)
            if pending is None:
                since, acknowledged = 0.0, None
                continue
            since = since or time.monotonic()
            if pending[0] != "checkpoint":
                _thread.interrupt_main(signal.SIGUSR1)
            if pending != acknowledged and time.monotonic() - since > PATIENCE_SECONDS:
                acknowledged = pending
                self._writer.write(_heard(pending[0]))

    def _pending(self, request: RunRequest) -> tuple[str, int] | None:
        if self._stopping:
            return None
        if request.run == "stop" or self._terminated:
            return "stop", 0
        if self._paused:
            return None
        if request.run == "pause":
            return "pause", 0
        return (
            ("checkpoint", request.checkpoint) if request.checkpoint > self._checkpoints else None
        )

    def _on_request(self, signum: int, frame: object) -> None:
        if not (self._working and self._interruptible.is_open) or self._paused or self._stopping:
            return
        if self._writer.request().run == "pause":
            self._pause()
        if self._must_stop():
            self._stop()

    def _on_terminate(self, signum: int, frame: object) -> None:
        self._terminated = True


def _heard(request: str) -> Heard:
    if request == "stop":
        return Heard("stop")
    return Heard("pause") if request == "pause" else Heard("checkpoint")


def _is_interruptible_after(event: Event) -> bool:
    """Whether all work until this event is saved."""
    return not (isinstance(event, Stalled) or (isinstance(event, FilesRead) and event.uncommitted))
