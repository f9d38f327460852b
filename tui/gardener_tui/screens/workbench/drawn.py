"""Free what closed widgets have drawn."""

from textual._styles_cache import StylesCache


def free_drawn() -> None:
    """Free the lines that a sheet has drawn.

    This cache of Textual's is keyed by the widgets' own caches, so that a thousand closed
    widgets would stay with every line they drew: fifty megabytes in an hour.
    """
    StylesCache.get_inner_outer.cache_clear()
