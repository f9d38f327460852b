"""Read files in worker processes."""

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from gardener_core.code.worker import FileRead, Finish, serve
from gardener_core.events.index import Stalled
from gardener_core.events.parts import SkippedFile
from gardener_core.system.processes.workers import spawn_worker

LONGEST_SECONDS = 20.0
SLOW_SECONDS = 5.0
POLL_SECONDS = 0.5
ENDING_SECONDS = 5.0


@dataclass(slots=True)
class _Worker:
    """A process, our end of its pipe, and the file that it reads since when."""

    process: BaseProcess
    pipe: Connection
    path: str = ""
    since: float = 0.0
    reported: bool = False


class ReadingPool:
    """A few processes that read one file each, so that a crash costs one file.

    Start it from the main thread.
    """

    def __init__(
        self,
        root: Path,
        processes: int,
        longest_seconds: float = LONGEST_SECONDS,
        *,
        slow_seconds: float = SLOW_SECONDS,
        anyway: Collection[str] = (),
        finish: Finish | None = None,
    ) -> None:
        """`finish` processes a file further in its worker; no rule skips files in `anyway`."""
        self._root = root
        self._wanted = processes
        self._longest_seconds = longest_seconds
        self._slow_seconds = slow_seconds
        self._anyway = frozenset(anyway)
        self._finish = finish
        self._workers: list[_Worker] = []
        self._busy: list[_Worker] = []

    @property
    def reading(self) -> str:
        """The file that has been read for longest; empty where none is read."""
        return min(self._busy, key=lambda worker: worker.since).path if self._busy else ""

    def __enter__(self) -> "ReadingPool":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End the workers."""
        self.close()

    def read(self, paths: Iterable[str]) -> Iterator[FileRead | SkippedFile | Stalled]:
        """Yield files as they are read, in no order; one that crashes its worker is skipped.

        A slow file yields `Stalled` first, and its result later.
        """
        waiting = iter(paths)
        busy: list[_Worker] = []
        self._busy = busy
        for path in waiting:
            busy.append(self._ask(self._idle(busy), path))
            if len(busy) == self._wanted:
                break
        while busy:
            for worker in self._ready(busy):
                answer = self._answer(worker)
                busy.remove(worker)
                path = next(waiting, "")
                if path:  # ask before the answer is used, so that the worker never waits
                    busy.append(self._ask(self._idle(busy), path))
                yield answer
            yield from self._slow(busy)

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(ENDING_SECONDS)
            if worker.process.exitcode is None:
                worker.process.kill()
        self._workers.clear()

    def _idle(self, busy: list[_Worker]) -> _Worker:
        for worker in self._workers:
            if worker not in busy:
                return worker
        worker = _Worker(*spawn_worker(serve, str(self._root), self._anyway, self._finish))
        self._workers.append(worker)
        return worker

    def _ask(self, worker: _Worker, path: str) -> _Worker:
        worker.path, worker.since, worker.reported = path, time.monotonic(), False
        with suppress(OSError):  # it died while idle: reading its answer will tell
            worker.pipe.send(path)
        return worker

    def _ready(self, busy: list[_Worker]) -> list[_Worker]:
        """Workers that have answered, died or taken too long."""
        answered = wait([worker.pipe for worker in busy], POLL_SECONDS)
        ready = [worker for worker in busy if worker.pipe in answered]
        now = time.monotonic()
        late = [w for w in busy if w not in ready and now - w.since > self._longest_seconds]
        for worker in late:
            worker.process.kill()
        return ready + late

    def _slow(self, busy: list[_Worker]) -> Iterator[Stalled]:
        now = time.monotonic()
        for worker in busy:
            if not worker.reported and now - worker.since > self._slow_seconds:
                worker.reported = True
                yield Stalled(worker.path, round(now - worker.since, 1))

    def _answer(self, worker: _Worker) -> FileRead | SkippedFile:
        late = time.monotonic() - worker.since > self._longest_seconds
        try:
            if not late or worker.pipe.poll():
                return cast(FileRead | SkippedFile, worker.pipe.recv())
        except (EOFError, OSError):
            pass
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(ENDING_SECONDS)
        if late:
            return SkippedFile(worker.path, f"not parsed within {self._longest_seconds:.0f} s")
        return SkippedFile(worker.path, f"ended its parser (status {worker.process.exitcode})")
