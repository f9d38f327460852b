"""An encoder in a process of its own."""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from gardener_core.errors import EngineLost, Remedy, revive
from gardener_core.models.encoders.encoder import Numbers, Role, TooLong
from gardener_core.system.processes.start import OFFLINE, end_python, start_python_with_log

_CODE = (
    "from gardener_core.models.encoders import server; output = server.claim_stdout(); "
    "from gardener_core.models.encoders import {module}; server.main(output, {module}.open_encoder)"
)


class ChildEncoder:
    """One loaded model; a crash costs one answer, never the calling process.

    `module` serves the model there; `log` is truncated, so each process needs its own file.
    """

    def __init__(self, module: str, request: Mapping[str, Any], log: Path) -> None:
        self._log = log
        self._asking = threading.Lock()
        code = _CODE.format(module=module)
        self._process = start_python_with_log(code, json.dumps(request), log=log, more=OFFLINE)
        with ExitStack() as unless_it_answers:
            unless_it_answers.callback(self.close)
            self._read_answer()
            unless_it_answers.pop_all()

    @property
    def process_id(self) -> int:
        """The id of the process that the model runs in."""
        return self._process.pid

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text."""
        with self._asking:
            assert self._process.stdin
            line = json.dumps({"texts": list(texts), "role": role}).encode() + b"\n"
            with suppress(OSError):  # it ended: reading its answer will tell
                self._process.stdin.write(line)
                self._process.stdin.flush()
            answer = self._read_answer()
        if answer.get("too_long"):
            raise TooLong
        numbers: Numbers = answer["numbers"]
        return numbers

    def close(self) -> None:
        """Close its stdin, which ends it."""
        end_python(self._process)

    def _read_answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise EngineLost(
                "The process that embeds ended before it answered.", hint=f"Look into {self._log}"
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            error = answer["error"]
            remedy = error.pop("remedy")
            raise revive(**error, remedy=Remedy(**remedy) if remedy else None)
        return answer
