"""Bring conversations in order after a crash."""

import time

from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.writers import delete_dead_writers, is_writing
from gardener_core.system.places import Places


def recover_chats(places: Places, database: Database) -> None:
    """End answers that nobody writes any more, and delete what was removed a week ago."""
    messages = MessageTable(database)
    for number, writer in messages.being_written():
        if not is_writing(places, writer):
            messages.break_off(number)
    delete_dead_writers(places)
    ConversationTable(database).delete_expired(time.time())
