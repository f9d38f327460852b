"""A module."""

import os
from typing import Any

LIMIT = 3


# Looks after a session.
@final
class Session(Base, mixins.Retry):
    """Keeps a token."""

    timeout: int = 5

    def __init__(self, token: str) -> None:
        self.token = token

    @property
    async def fresh(self) -> bool:
        """Whether it may be used."""
        if self.token and LIMIT > 2:
            return check(self.token)
        return False

    class Inner:
        def deep(self):
            return os.getenv("X")


def rotate(session: Session, *, force: bool = False) -> Any:
    # not a doc
    def helper(x):
        return [y for y in x if y]

    return helper(session.fresh())


try:
    import fast
except ImportError:

    def fast(): ...


start()
