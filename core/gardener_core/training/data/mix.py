"""How much of each share a run reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from gardener_core.training.data.kept.row import Share

Mix = Mapping[Share, float]
# Of all tokens. What a project or a base cannot have goes to the code.
MIXED: Mix = {"code": 0.5, "answers": 0.3, "docs": 0.1, "replay": 0.1}
ONLY_CODE: Mix = {"code": 1.0}
# Of an update: what is new to an adapter, beside what it knows already.
MIXED_UPDATE: Mix = {"code": 0.35, "answers": 0.15, "docs": 0.1, "earlier": 0.3, "replay": 0.1}
ONLY_CODE_UPDATE: Mix = {"code": 0.7, "earlier": 0.3}


@dataclass(frozen=True, slots=True)
class Quotas:
    """The tokens of each share, and why some have none."""

    tokens: Mapping[Share, int]
    missing: Mapping[Share, str]


def mix_of(name: str, *, updates: bool) -> Mix:
    """The mix of this name in the settings, of a run from the base or of an update."""
    if name == "mixed":
        return MIXED_UPDATE if updates else MIXED
    return ONLY_CODE_UPDATE if updates else ONLY_CODE


def quotas(mix: Mix, missing: Mapping[Share, str], code_tokens: int, wanted: int) -> Quotas:
    """The tokens of each share in a run that reads so many.

    A project with less code than its share is read more than once; nothing else grows beyond its
    share of that.
    """
    shares = {share: part for share, part in mix.items() if share not in missing}
    lost = sum(part for share, part in mix.items() if share in missing)
    code = shares.get("code", 0.0) + lost
    whole = min(wanted, int(code_tokens / code)) if code else wanted
    tokens = {share: int(part * whole) for share, part in shares.items()}
    tokens["code"] = int(code * whole)
    told = {share: why for share, why in missing.items() if share in mix}
    return Quotas(tokens, told)
