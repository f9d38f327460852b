"""The process of llama.cpp, and requests to it."""

import contextlib
import dataclasses
import http.client
import json
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import EngineLost, ModelUnfit
from gardener_core.system.processes.start import end_python, start_python_with_log

KEY_NAME = "GARDENER_LLAMA_KEY"  # by environment: `ps` shows arguments to everybody
PLACES = 2
_PROGRAM = "from gardener_core.models.llama.server import main; main()"
_ANSWER_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings of the process; with a pooling it embeds and does not complete.

    `states` is the folder that what a place has read can be saved to; empty for none.
    """

    gguf: str
    adapters: tuple[str, ...]
    threads: int
    context: int
    exact: bool
    pooling: str = ""
    states: str = ""

    def encode(self) -> str:
        """As an argument of the process."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def decode(cls, text: str) -> "Setup":
        """From an argument of the process."""
        fields = json.loads(text)
        return cls(**{**fields, "adapters": tuple(fields["adapters"])})


class Refused(Exception):
    """llama.cpp answered with an error status and a message."""

    def __init__(self, status: int, fields: Mapping[str, Any]) -> None:
        super().__init__(status, fields)
        self.status = status
        self.fields = fields

    @property
    def is_too_long(self) -> bool:
        """Whether the text has too many tokens for the model."""
        too_large = "too large to process" in str(self.fields.get("message", ""))
        return self.fields.get("type") == "exceed_context_size_error" or too_large

    def lost(self) -> EngineLost:
        """The same as an error for people."""
        message = self.fields.get("message", "")
        return EngineLost(f"llama.cpp answered {self.status}: {message}", hint="Try again.")


class LlamaProcess:
    """llama.cpp with one setup; `log` is truncated, so each process needs its own file."""

    def __init__(self, setup: Setup, log: Path) -> None:
        self._log = log
        self._key = secrets.token_urlsafe(24)
        self._process = self._spawn(setup)
        self._host, self._port = self._address()

    @property
    def id(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def log(self) -> Path:
        """Its log file."""
        return self._log

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def call(self, path: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request, and read the whole answer."""
        with self.answer(path, request) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer

    @contextlib.contextmanager
    def answer(self, path: str, request: Mapping[str, Any]) -> Iterator[http.client.HTTPResponse]:
        """Send a request, and read the answer as it comes; closing it stops the work."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_ANSWER_SECONDS)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        try:
            connection.request("POST", path, json.dumps(request), headers)
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise Refused(response.status, _error(response.read()))
            yield response
        except (OSError, http.client.HTTPException) as problem:
            raise EngineLost(
                f"llama.cpp stopped answering: {problem}.", hint=f"Look into {self._log}"
            ) from None
        finally:
            connection.close()

    def close(self) -> None:
        """Close its stdin, which ends it, and wait."""
        end_python(self._process)

    def _spawn(self, setup: Setup) -> subprocess.Popen[bytes]:
        key = {KEY_NAME: self._key}
        return start_python_with_log(_PROGRAM, setup.encode(), log=self._log, more=key)

    def _address(self) -> tuple[str, int]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        ready = json.loads(line) if line else {}
        if "port" in ready:
            return ready["host"], ready["port"]
        self.close()
        if "error" in ready:
            raise ModelUnfit(
                f"llama.cpp cannot load this: {self._reason(ready['error'])}",
                hint="Take another file, or make this one again.",
            )
        raise EngineLost(
            f"llama.cpp ended before it was ready: {self._reason('no reason given')}",
            hint=f"Look into {self._log}",
        )

    def _reason(self, otherwise: str) -> str:
        lines = self._log.read_bytes().decode("utf-8", "replace").splitlines()
        errors = [line.partition(" E ")[2].strip() for line in lines if " E " in line]
        return errors[0] if errors else otherwise


def _error(body: bytes) -> Mapping[str, Any]:
    error = json.loads(body).get("error", {}) if body.startswith(b"{") else {}
    return error if isinstance(error, dict) else {"message": str(error)}
