"""Embed with the `nomic` package."""

from collections.abc import Mapping, Sequence
from typing import Any

from nomic import embed

from gardener_core.errors import EmbedderMissing
from gardener_core.models.encoders.encoder import Encoder, Numbers, Role
from gardener_core.models.encoders.nomic_local import MODEL


def open_encoder(request: Mapping[str, Any]) -> Encoder:
    """The encoder of a request."""
    return NomicModel(hosted=request["hosted"])


class NomicModel:
    """`local` on this machine, or the hosted service.

    Never the package's `dynamic` mode, which may send texts away silently.
    """

    def __init__(self, hosted: bool) -> None:
        self._how: dict[str, Any] = (
            {"inference_mode": "remote"}
            if hosted
            else {"inference_mode": "local", "allow_download": False}
        )

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text; the package adds the prefix of the task."""
        try:
            answer = embed.text(list(texts), model=MODEL, task_type=f"search_{role}", **self._how)
        except Exception as problem:  # the package itself raises bare Exception
            message = " ".join(str(problem).split())[:300]
            raise EmbedderMissing(
                f"nomic did not embed: {message}", hint="For its service, run: nomic login"
            ) from None
        numbers: Numbers = answer["embeddings"]
        return numbers

    def close(self) -> None:
        """Nothing to release: the process ends."""
