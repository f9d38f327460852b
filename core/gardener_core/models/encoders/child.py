"""Ask an encoder that runs in a process of its own."""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from gardener_core.errors import EngineLost, Remedy, revive
from gardener_core.models.encoders.encoder import Numbers, Role, TooLong
from gardener_core.system.processes import OFFLINE, end_python, start_python_with_log

_CODE = (
    "from gardener_core.models.encoders import server; answers = server.settle(); "
    "from gardener_core.models.encoders import {module}; server.main(answers, {module}.opened)"
)


class ChildEncoder:
    """One loaded model; a crash of it costs an answer, and never the process that asks.

    `module` is what serves it over there; `log` is begun anew, so each needs a file of its own.
    """

    def __init__(self, module: str, asked: Mapping[str, Any], log: Path) -> None:
        self._log = log
        self._asking = threading.Lock()
        code = _CODE.format(module=module)
        self._process = start_python_with_log(code, json.dumps(asked), log=log, more=OFFLINE)
        with ExitStack() as unless_it_answers:
            unless_it_answers.callback(self.close)
            self._heard()
            unless_it_answers.pop_all()

    @property
    def process_id(self) -> int:
        """The id of the process that the model runs in."""
        return self._process.pid

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The numbers of each text."""
        with self._asking:
            assert self._process.stdin
            line = json.dumps({"texts": list(texts), "role": role}).encode() + b"\n"
            with suppress(OSError):  # gone: the answer will be that end
                self._process.stdin.write(line)
                self._process.stdin.flush()
            said = self._heard()
        if said.get("too_long"):
            raise TooLong
        numbers: Numbers = said["numbers"]
        return numbers

    def close(self) -> None:
        """Let go of its stdin, which is how it learns that nobody needs it."""
        end_python(self._process)

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise EngineLost(
                "The process that embeds ended before it answered.", hint=f"Look into {self._log}"
            )
        said: dict[str, Any] = json.loads(line)
        if "error" in said:
            error = said["error"]
            remedy = error.pop("remedy")
            raise revive(**error, remedy=Remedy(**remedy) if remedy else None)
        return said
