"""Models on offer."""

from gardener_core.garden.base_models.offers import ModelOffer, OfferedSource
from gardener_core.models.catalogue.needs import Fits, Needs


def an_offer(name: str, **facts: object) -> ModelOffer:
    known = {
        "name": name,
        "title": name.title(),
        "maker": "A Maker",
        "role": "base",
        "roles": ("train",),
        "format": "gguf",
        "path": "",
        "bytes": 98_362_432,
        "sha256": "ab" * 32,
        "trainable": True,
        "context": 8192,
        "licence": "Apache-2.0",
        "architecture": "llama",
        "parameters": 1,
        "template": "gguf",
        "fim": None,
        "note": "",
        "here": False,
        "hash_known": True,
        "needs": Needs(300_000_000, 1_690_000_000, True),
        "fits": Fits(True, True, True),
        "sources": (OfferedSource("hub", "maker/tiny@0123"), OfferedSource("package", "a==1")),
    }
    return ModelOffer(**{**known, **facts})  # type: ignore[arg-type]


def four_offers() -> list[ModelOffer]:
    return [
        an_offer("tiny", here=True),
        an_offer("coder", seconds=72.0, note="Fills in code."),
        an_offer("huge", bytes=9_000_000_000, fits=Fits(False, False, False)),
        an_offer("novel", bytes=0, hash_known=False, fits=Fits(None, None, None), licence="Own"),
    ]
