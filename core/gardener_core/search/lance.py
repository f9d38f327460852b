"""Import LanceDB without modules that are never used here."""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

# Its `__init__` imports every call of a server: 0.4 s of the 1.2 s that importing LanceDB takes.
# LanceDB itself needs only the data classes in one of its modules.
_CLIENT = "lance_namespace_urllib3_client"


def _skip_init_of(name: str) -> None:
    """Let the modules of a package be imported without running its `__init__`."""
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        package = ModuleType(name)
        package.__path__ = list(spec.submodule_search_locations)
        package.__spec__ = spec
        sys.modules[name] = package


class _WithoutPandas(MetaPathFinder):
    """PyArrow imports pandas where it is installed, 0.3 s, only to recognise its classes.

    Nothing here passes any; whoever imports pandas later gets it.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Report pandas as not installed, and nothing else."""
        if name == "pandas":
            raise ModuleNotFoundError("It is not needed here.", name=name)


if _CLIENT not in sys.modules:
    _skip_init_of(_CLIENT)
_finder = _WithoutPandas()
sys.meta_path.insert(0, _finder)
try:
    import lancedb
except ImportError:  # a later LanceDB may need more of it
    sys.modules.pop(_CLIENT, None)
    sys.meta_path.remove(_finder)
    import lancedb
if _finder in sys.meta_path:
    sys.meta_path.remove(_finder)
from lancedb.index import FTS, Bitmap, BTree, IvfRq  # noqa: E402
from lancedb.query import MatchQuery as _MatchQuery  # noqa: E402

MatchQuery: Any = _MatchQuery  # its stub asks for arguments that have defaults

__all__ = ["FTS", "BTree", "Bitmap", "IvfRq", "MatchQuery", "lancedb"]
