"""Serve one base with transformers over stdin and stdout."""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch
from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

from gardener_core.errors import GardenError
from gardener_core.models.torch.generation import TorchGenerator


class _Requests:
    """What the parent asks for; a thread of its own hears a cancel, and the parent's end."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._cancelled = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> Mapping[str, Any]:
        """The next request."""
        return self._waiting.get()

    def is_cancelled(self, number: int) -> bool:
        """Whether the parent no longer wants this answer, or an earlier one."""
        return number <= self._cancelled

    def _listen(self) -> None:
        for line in sys.stdin.buffer:
            fields = json.loads(line)
            if "cancel" in fields:
                self._cancelled = fields["cancel"]
            else:
                self._waiting.put(fields)
        os._exit(0)


def main(output: BinaryIO) -> None:
    """Load what argv asks for, then answer requests line by line."""
    requests = _Requests()
    setup = json.loads(sys.argv[1])
    torch.set_num_threads(setup["threads"])
    try:
        folder = Path(setup["folder"])
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
        generator = TorchGenerator(
            folder, [Path(path) for path in setup["adapters"]], exact=setup["exact"]
        )
    except (GardenError, OSError, ValueError, KeyError, RuntimeError) as problem:
        _write(output, {"error": f"{problem}"})
        os._exit(1)
    _write(output, {"ready": True})
    while True:
        _answer(requests.next(), requests, generator, tokenizer, output)


def _answer(
    request: Mapping[str, Any],
    requests: _Requests,
    generator: TorchGenerator,
    tokenizer: Tokenizer,
    output: BinaryIO,
) -> None:
    """Write a line a token, then one about the whole answer."""
    number, prompt = request["id"], request["prompt"]
    decoding, began, first = DecodeStream(skip_special_tokens=False), time.perf_counter(), 0.0
    count = 0
    try:
        for token in generator.tokens(
            prompt,
            request["adapter"],
            request["tokens"],
            request["top"],
            lambda: requests.is_cancelled(number),
        ):
            first = first or time.perf_counter() - began
            count += 1
            piece = decoding.step(tokenizer, token.id) or ""
            _write(output, {"id": number, "text": piece, "token": token.id, "top": token.top})
    except (RuntimeError, MemoryError) as problem:
        _write(output, {"id": number, "error": str(problem)})
        return
    timing = {
        "read": len(prompt) - generator.reused,
        "read_seconds": first,
        "written": max(0, count - 1),  # the first comes with the prompt
        "written_seconds": time.perf_counter() - began - first,
        "evaluated": generator.evaluated,
    }
    _write(output, {"id": number, "end": True, "reused": generator.reused, "timing": timing})


def _write(output: BinaryIO, fields: Mapping[str, Any]) -> None:
    output.write(json.dumps(fields).encode() + b"\n")
    output.flush()
