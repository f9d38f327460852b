"""Embed with the `nomic` package, in a process that does nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from nomic import embed

from gardener_core.errors import EmbedderMissing
from gardener_core.models.encoders.encoder import Encoder, Numbers, Role
from gardener_core.models.encoders.nomic_local import MODEL


def opened(asked: Mapping[str, Any]) -> Encoder:
    """The mode that a request names."""
    return NomicModel(hosted=asked["hosted"])


class NomicModel:
    """`local`, with what is on this machine, or the hosted service; never the package's `dynamic`,
    which may send texts away without a word."""

    def __init__(self, hosted: bool) -> None:
        self._how: dict[str, Any] = (
            {"inference_mode": "remote"}
            if hosted
            else {"inference_mode": "local", "allow_download": False}
        )

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The numbers of each text; the package puts the prefix of the task before it."""
        try:
            said = embed.text(list(texts), model=MODEL, task_type=f"search_{role}", **self._how)
        except Exception as problem:  # the package raises bare exceptions of any kind
            told = " ".join(str(problem).split())[:300]
            raise EmbedderMissing(
                f"nomic did not embed: {told}", hint="For its service, run: nomic login"
            ) from None
        numbers: Numbers = said["embeddings"]
        return numbers

    def close(self) -> None:
        """Nothing to let go: the process ends."""
