"""The card of a base model: what it was trained on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from gardener_core.pretraining.corpus import HELD_OUT, SHARE_ALIKE, SourceDocument


def describe(
    used: Sequence[SourceDocument], held_out: Sequence[SourceDocument], measured: Mapping[str, Any]
) -> dict[str, Any]:
    """Every package with version, licence and file count, and what was measured."""
    counts = Counter(file.package for file in used)
    return {
        "purpose": "A teaching model: it shows that everything works, and knows little.",
        "measured": dict(measured),
        "files": len(used),
        "packages": [
            {
                "name": package.name,
                "version": package.version,
                "licence": package.licence,
                "files": count,
            }
            for package, count in sorted(counts.items(), key=lambda item: item[0].name)
        ],
        "held_out_files": [file.name for file in held_out],
        "never_eaten": sorted(HELD_OUT | SHARE_ALIKE),
    }
