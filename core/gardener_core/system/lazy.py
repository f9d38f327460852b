"""Import a module when it is first needed."""

import gc
from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """Import a module by its name; a command that does not need it starts faster.

    Nothing of a fresh module is garbage, and to look for some takes a tenth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
