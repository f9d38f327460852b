"""Find links that lead back."""

import os

from gardener_core.code.files.bounded import ProjectFolder

MOST_HOPS = 40
ABOVE = "a link that leads to a folder above it"
ITSELF = "a link that leads to itself"


def odd_target(folder: ProjectFolder, root: str, path: str) -> str:
    """Whether a link leads back to itself or above; empty for any other.

    Its target is followed as text and within the project only: it is never opened.
    """
    here = f"{root}/{path}"
    seen = {path}
    at = path
    for _ in range(MOST_HOPS):
        try:
            target = os.path.join(os.path.dirname(f"{root}/{at}"), folder.link(at))
        except OSError:  # not a link any more
            return ""
        place = os.path.normpath(target)
        if here.startswith(f"{place.rstrip('/')}/"):
            return ABOVE
        if not place.startswith(f"{root}/"):
            return ""
        at = place.removeprefix(f"{root}/")
        if at in seen:
            return ITSELF
        seen.add(at)
    return ITSELF
