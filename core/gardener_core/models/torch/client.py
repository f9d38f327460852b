"""A client for transformers in its own process."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from gardener_core.errors import BadInput, EngineLost, ModelUnfit
from gardener_core.models.serving.served import Candidate, Completion, Piece, Timing
from gardener_core.models.tokens import TextTokens
from gardener_core.system.processes.start import OFFLINE, end_python, start_python_with_log

_PROGRAM = (
    "from gardener_core.models.encoders.server import claim_stdout; output = claim_stdout(); "
    "from gardener_core.models.torch.server import main; main(output)"
)
BASE_ALONE = -1


class TorchModel:
    """One loaded base with a fixed list of adapters; one request at a time.

    Called as `Llama` is: the same requests, and the same answers within the base's own gap.
    """

    def __init__(
        self,
        folder: Path,
        adapters: Sequence[Path],
        log: Path,
        *,
        threads: int,
        context: int,
        exact: bool = False,
    ) -> None:
        self._adapters, self._context, self._log = len(adapters), context, log
        self._number, self._asking = 0, threading.Lock()
        self.timing, self.reused = Timing(), 0
        self._tokens = TextTokens(folder)
        setup = {
            "folder": str(folder),
            "adapters": [str(path) for path in adapters],
            "threads": threads,
            "exact": exact,
        }
        self._process = start_python_with_log(_PROGRAM, json.dumps(setup), log=log, more=OFFLINE)
        ready = self._line()
        if "error" in ready:
            self.close()
            raise ModelUnfit(
                f"transformers cannot load this: {ready['error']}",
                hint="Take another model, or make this one again.",
            )

    @property
    def process_id(self) -> int:
        """The id of the process that the model runs in."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def complete(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int, top: int = 0
    ) -> Completion:
        """Continue the prompt greedily; a scale of 1 turns an adapter on."""
        lines = list(self._lines(prompt, scales, tokens, top))
        return Completion(
            text="".join(line["text"] for line in lines),
            ids=tuple(int(line["token"]) for line in lines),
            top=tuple(tuple(Candidate(*pair) for pair in line["top"]) for line in lines),
        )

    def stream(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int
    ) -> Iterator[Piece]:
        """The same, piece by piece; closing the generator stops the generation."""
        for line in self._lines(prompt, scales, tokens, 0):
            yield Piece(line["text"], 1)

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text; none of it is taken for a special token."""
        return self._tokens.encode(text)

    def special(self, text: str) -> int | None:
        """The id of a special token, if the base has it."""
        return self._tokens.special(text)

    @property
    def keeps_states(self) -> bool:
        """It reads ten times faster than llama.cpp, and saves nothing."""
        return False

    def save_state(self, scales: Sequence[float], name: str) -> int:
        """Nothing is saved."""
        return 0

    def load_state(self, scales: Sequence[float], name: str) -> int:
        """Nothing was saved."""
        return 0

    def close(self) -> None:
        """Close its stdin, which ends it."""
        end_python(self._process)

    def __enter__(self) -> "TorchModel":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it at the end."""
        self.close()

    def _lines(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int, top: int
    ) -> Iterator[dict[str, Any]]:
        adapter = self._chosen(scales)
        self._require_fit(prompt)
        with self._asking:
            self._number += 1
            number, finished = self._number, False
            self._send(
                {
                    "id": number,
                    "prompt": list(prompt),
                    "adapter": adapter,
                    "tokens": min(tokens, self._context - len(prompt)),
                    "top": top,
                }
            )
            try:
                while not finished:
                    line = self._line()
                    finished = "end" in line or "error" in line
                    if not finished:
                        yield line
            finally:
                if not finished and self.alive():
                    self._cancel(number)
        if "error" in line:
            raise EngineLost(f"transformers failed: {line['error']}", hint="Try again.")
        self.timing = Timing(**line["timing"])
        self.reused = line["reused"]

    def _chosen(self, scales: Sequence[float]) -> int:
        """The number of the adapter that is on."""
        if len(scales) != self._adapters:
            raise ValueError(f"{self._adapters} adapters are loaded, {len(scales)} scales given")
        on = [number for number, scale in enumerate(scales) if scale]
        if len(on) > 1 or any(scales[number] != 1.0 for number in on):
            raise ValueError("one adapter is on, with a scale of 1, or none is")
        return on[0] if on else BASE_ALONE

    def _require_fit(self, prompt: Sequence[int]) -> None:
        if not prompt:
            raise BadInput("There is nothing to continue.", hint="Give some code as the prefix.")
        if len(prompt) >= self._context:
            raise BadInput(
                f"The prompt has {len(prompt)} tokens; this model reads {self._context}.",
                hint="Give a shorter prefix.",
            )

    def _cancel(self, number: int) -> None:
        """Ask it to stop, and read what it still said."""
        self._send({"cancel": number})
        with suppress(EngineLost):
            while "end" not in (line := self._line()) and "error" not in line:
                pass

    def _send(self, fields: dict[str, Any]) -> None:
        assert self._process.stdin
        with suppress(OSError):  # it ended: reading its answer tells
            self._process.stdin.write(json.dumps(fields).encode() + b"\n")
            self._process.stdin.flush()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            self.close()
            raise EngineLost(
                "The process of transformers ended before it answered.",
                hint=f"Look into {self._log}",
            )
        fields: dict[str, Any] = json.loads(line)
        return fields
