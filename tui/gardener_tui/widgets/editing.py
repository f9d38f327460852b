"""Edit a text in the person's editor."""

import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from gardener_core.errors import BadInput
from gardener_core.system.editor import editor_command, open_in_editor


def edit_text(app: App[Any], text: str) -> str:
    """Open the editor on a text and wait for it; what it saved is given back."""
    with tempfile.TemporaryDirectory(prefix="gardener-") as folder:
        path = Path(folder) / "question.md"
        path.write_text(text)
        editor_command(path, 1)
        try:
            with app.suspend():
                open_in_editor(path, 1)
        except SuspendNotSupported:
            raise BadInput("This terminal cannot be given to an editor.", hint="") from None
        return path.read_text(errors="replace").rstrip("\n")
