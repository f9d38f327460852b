"""Embed through llama.cpp, from a GGUF file."""

from collections.abc import Sequence
from pathlib import Path

from gardener_core.errors import ModelUnfit
from gardener_core.models.encoders.encoder import Numbers, Pooling, Role, TooLong
from gardener_core.models.llama.process import LlamaProcess, Refused, Setup
from gardener_core.models.model import GgufModel

# Everything is read in one batch, whose memory grows with the square of this.
LONGEST_CONTEXT = 2048


class LlamaEncoder:
    """One GGUF in a llama.cpp process of its own, with a given pooling."""

    def __init__(self, header: GgufModel, pooling: Pooling, log: Path, threads: int) -> None:
        context = min(header.context or LONGEST_CONTEXT, LONGEST_CONTEXT)
        setup = Setup(str(header.path), (), threads, context, exact=False, pooling=pooling)
        self._process = LlamaProcess(setup, log)

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text."""
        try:
            answer = self._process.call("/v1/embeddings", {"input": list(texts)})
        except Refused as refusal:
            if refusal.is_too_long:
                raise TooLong from None
            raise refusal.lost() from None
        rows = sorted(answer["data"], key=lambda row: int(row["index"]))
        numbers = [row["embedding"] for row in rows]
        if not all(isinstance(row, list) and row for row in numbers):
            raise ModelUnfit("This GGUF gives no vectors.", hint="Take one made for embedding.")
        return numbers

    def close(self) -> None:
        """End the process."""
        self._process.close()
