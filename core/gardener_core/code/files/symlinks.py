"""Say where a link in a project leads."""

import os

from gardener_core.code.files.bounded import ProjectFolder

MOST_HOPS = 40
ABOVE = "a link that leads to a folder above it"
ITSELF = "a link that leads to itself"


def where_it_leads(folder: ProjectFolder, root: str, path: str) -> str:
    """What is surprising about a link: that it leads back; nothing about any other.

    It is followed by its words, within the project alone: what it leads to is never looked at.
    """
    here = f"{root}/{path}"
    seen = {path}
    at = path
    for _ in range(MOST_HOPS):
        try:
            target = os.path.join(os.path.dirname(f"{root}/{at}"), folder.link(at))
        except OSError:  # no link any more
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
