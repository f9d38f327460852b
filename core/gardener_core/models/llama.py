"""Ask llama.cpp, which runs in its own process."""

import contextlib
import dataclasses
import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import BadInput, EngineLost, ModelUnfit

KEY_NAME = "GARDENER_LLAMA_KEY"  # by environment: `ps` shows everybody the arguments
_PROGRAM = "from gardener_core.models.llama_server import main; main()"
_ANSWER_SECONDS = 300.0
_ENDING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What the process is started with."""

    gguf: str
    adapters: tuple[str, ...]
    threads: int
    context: int
    exact: bool

    def encode(self) -> str:
        """As an argument of the process."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def decode(cls, text: str) -> "Setup":
        """From an argument of the process."""
        fields = json.loads(text)
        return cls(**{**fields, "adapters": tuple(fields["adapters"])})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that could have come, with its natural log-probability."""

    id: int
    logprob: float


@dataclass(frozen=True, slots=True)
class Completion:
    """What was written; `top` holds, for each token, the likeliest ones at that place."""

    text: str
    ids: tuple[int, ...]
    top: tuple[tuple[Candidate, ...], ...]


class Llama:
    """One loaded base with a fixed list of adapters, each on or off in every request.

    `log` is begun anew, so each process needs a file of its own.
    """

    def __init__(
        self,
        gguf: Path,
        adapters: Sequence[Path],
        log: Path,
        *,
        threads: int,
        context: int,
        exact: bool = False,
    ) -> None:
        self._adapters = len(adapters)
        self._log = log
        self._key = secrets.token_urlsafe(24)
        names = tuple(str(path) for path in adapters)
        self._process = self._spawn(Setup(str(gguf), names, threads, context, exact))
        self._host, self._port = self._address()

    @property
    def process_id(self) -> int:
        """The id of the process that llama.cpp runs in."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def complete(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int, top: int = 0
    ) -> Completion:
        """Continue the prompt greedily; a scale for each adapter, 0 turns it off."""
        asked = self._request(prompt, scales, tokens)
        said = self._call("/completion", {**asked, "n_probs": top, "return_tokens": True})
        places = said.get("completion_probabilities", [])
        return Completion(
            text=said["content"],
            ids=tuple(said["tokens"]),
            top=tuple(_candidates(place["top_logprobs"]) for place in places),
        )

    def stream(self, prompt: Sequence[int], scales: Sequence[float], tokens: int) -> Iterator[str]:
        """The same, piece by piece; closing the generator ends the work in the other process."""
        asked = {**self._request(prompt, scales, tokens), "stream": True}
        with self._answer("/completion", asked) as response:
            finished = False
            for line in response:
                if line.startswith(b"data: "):
                    said = json.loads(line[6:])
                    yield said.get("content", "")
                    finished = said.get("stop", False)
        if not finished:
            raise EngineLost("llama.cpp stopped in mid-answer.", hint=f"Look into {self._log}")

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text; what stands in it never becomes a special token."""
        asked = {"content": text, "add_special": False, "parse_special": False}
        ids: list[int] = self._call("/tokenize", asked)["tokens"]
        return ids

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text of ids."""
        return str(self._call("/detokenize", {"tokens": list(ids)})["content"])

    def close(self) -> None:
        """Let go of the leash and wait until the process has ended."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> "Llama":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it at the end."""
        self.close()

    def _spawn(self, setup: Setup) -> subprocess.Popen[str]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        with open(os.open(self._log, flags, 0o600), "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, setup.encode()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd="/",
                env={**os.environ, KEY_NAME: self._key},
                start_new_session=True,  # ctrl-C in the terminal is for us alone
            )

    def _address(self) -> tuple[str, int]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        told = json.loads(line) if line else {}
        if "port" in told:
            return told["host"], told["port"]
        self.close()
        if "error" in told:
            raise ModelUnfit(
                f"llama.cpp cannot load this: {self._reason(told['error'])}",
                hint="Train or export the adapter again, or take the base that it belongs to.",
            )
        raise EngineLost(
            f"llama.cpp ended before it was ready: {self._reason('no reason given')}",
            hint=f"Look into {self._log}",
        )

    def _request(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int
    ) -> dict[str, Any]:
        if len(scales) != self._adapters:
            raise ValueError(f"{self._adapters} adapters are loaded, {len(scales)} scales given")
        if not prompt:
            raise BadInput("There is nothing to continue.", hint="Give some code as the prefix.")
        # A request without the full list spoils llama.cpp's cache: the next ones are wrong too.
        lora = [{"id": number, "scale": float(scale)} for number, scale in enumerate(scales)]
        return {
            "prompt": list(prompt),
            "n_predict": tokens,
            "temperature": 0,
            "cache_prompt": True,
            "lora": lora,
        }

    def _call(self, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        with self._answer(path, asked) as response:
            said: dict[str, Any] = json.loads(response.read())
            return said

    @contextlib.contextmanager
    def _answer(self, path: str, asked: Mapping[str, Any]) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_ANSWER_SECONDS)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        try:
            connection.request("POST", path, json.dumps(asked), headers)
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise _refusal(response.status, response.read())
            yield response
        except (OSError, http.client.HTTPException) as problem:
            raise EngineLost(
                f"llama.cpp stopped answering: {problem}.", hint=f"Look into {self._log}"
            ) from None
        finally:
            connection.close()

    def _reason(self, otherwise: str) -> str:
        lines = self._log.read_bytes().decode("utf-8", "replace").splitlines()
        said = [line.partition(" E ")[2].strip() for line in lines if " E " in line]
        return said[0] if said else otherwise


def _candidates(top: Sequence[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    return tuple(Candidate(item["id"], item["logprob"]) for item in top)


def _refusal(status: int, body: bytes) -> BadInput | EngineLost:
    said = json.loads(body).get("error", {}) if body.startswith(b"{") else {}
    if said.get("type") == "exceed_context_size_error":
        return BadInput(
            f"The prompt has {said['n_prompt_tokens']} tokens; this model reads {said['n_ctx']}.",
            hint="Give a shorter prefix.",
        )
    return EngineLost(f"llama.cpp answered {status}: {said.get('message', '')}", hint="Try again.")
