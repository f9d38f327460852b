"""Know whether the process that writes an answer lives."""

import os
import secrets
import threading
from contextlib import suppress

from gardener_core.system.files.atomic import make_folder
from gardener_core.system.locks import create_locked, is_locked, locked
from gardener_core.system.places import Places


class Writer:
    """The name of this process as a writer; a lock on a file of that name is held for its life."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._taking = threading.Lock()
        self._name = ""

    @property
    def name(self) -> str:
        """The name; the lock is taken by the first use."""
        with self._taking:
            if not self._name:
                name = secrets.token_hex(6)
                with locked(make_folder(self._places.writers)):
                    create_locked(self._places.writer(name))
                self._name = name
            return self._name


def is_writing(places: Places, writer: str) -> bool:
    """Whether a writer lives."""
    return bool(writer) and is_locked(places.writer(writer))


def delete_dead_writers(places: Places) -> None:
    """Delete the files of writers that have ended."""
    if not places.writers.is_dir():
        return
    with locked(places.writers):
        for name in os.listdir(places.writers):
            if not is_locked(places.writer(name)):
                with suppress(OSError):
                    places.writer(name).unlink()
