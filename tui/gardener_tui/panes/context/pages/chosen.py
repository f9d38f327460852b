"""The page with what is pinned and banned."""

from gardener_core.store.project.choices import Choices
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.hits import chosen_rows

NONE_CHOSEN = EmptyText("Nothing is pinned or banned.")


class ChosenPage(Page):
    """Everything that is pinned or banned."""

    def __init__(self, choices: Choices) -> None:
        super().__init__("pinned and banned", chosen_rows(choices), empty=NONE_CHOSEN)

    def show(self, choices: Choices) -> None:
        """Show other choices."""
        self.rows = chosen_rows(choices)
