"""Read files in worker processes, so that a crash costs one file."""

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from gardener_core.events import SkippedFile
from gardener_core.reading.worker import FileRead, serve

LONGEST_SECONDS = 20.0
LOOK_SECONDS = 0.5
ENDING_SECONDS = 5.0


@dataclass(slots=True)
class _Worker:
    """A process, our end of its pipe, and what it reads since when."""

    process: BaseProcess
    pipe: Connection
    path: str = ""
    since: float = 0.0


class ReadingPool:
    """A few processes that each read one file at a time; start it from the main thread."""

    def __init__(
        self, root: Path, processes: int, longest_seconds: float = LONGEST_SECONDS
    ) -> None:
        self._root = root
        self._wanted = processes
        self._longest_seconds = longest_seconds
        self._workers: list[_Worker] = []

    def __enter__(self) -> "ReadingPool":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Let the workers go."""
        self.close()

    def read(self, paths: Iterable[str]) -> Iterator[FileRead | SkippedFile]:
        """Each file as it comes, in no order; one that kills or stalls its reader is named."""
        waiting = iter(paths)
        busy: list[_Worker] = []
        for path in waiting:
            busy.append(self._ask(self._idle(busy), path))
            if len(busy) == self._wanted:
                break
        while busy:
            for worker in self._ready(busy):
                yield self._answer(worker)
                busy.remove(worker)
                path = next(waiting, "")
                if path:
                    busy.append(self._ask(self._idle(busy), path))

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
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=serve, args=(theirs, str(self._root)), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _ask(self, worker: _Worker, path: str) -> _Worker:
        worker.path, worker.since = path, time.monotonic()
        with suppress(OSError):  # it died while it was idle: its answer will be that end
            worker.pipe.send(path)
        return worker

    def _ready(self, busy: list[_Worker]) -> list[_Worker]:
        """Workers that have answered or died, or that take too long."""
        answered = wait([worker.pipe for worker in busy], LOOK_SECONDS)
        ready = [worker for worker in busy if worker.pipe in answered]
        now = time.monotonic()
        late = [w for w in busy if w not in ready and now - w.since > self._longest_seconds]
        for worker in late:
            worker.process.kill()
        return ready + late

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
