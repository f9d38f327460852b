"""What the keys do with the cards of adapters."""

from functools import partial

from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.screens.beside.screen import BesideScreen
from gardener_tui.screens.cards.screen import CardScreen, Page
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.sheets.reason import Reason
from gardener_tui.screens.voting.screen import VoteScreen
from gardener_tui.screens.workbench.host import Host


class CardActions:
    """Measures adapters, shows their cards, and lets one answer that has not passed."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def score(self) -> None:
        """Measure an adapter of the selected project, after a question."""
        self._host.start("score", self._score)

    async def _score(self) -> None:
        host, project = self._host, self._with_adapter()
        if project is None:
            return
        adapter = await call(partial(host.garden.adapters.to_score, project))
        minutes = await call(partial(host.garden.scores.minutes, adapter))
        sheet = Confirm(
            f"Measure {adapter.version} of {project.name}?",
            f"It takes about {minutes:g} minutes, and some more the first time with a base: the "
            f"control is trained then. It waits in the queue like a training, can be paused, and "
            f"what was measured is kept.",
            "Not now",
            "Measure",
        )
        if await host.app.push_screen_wait(sheet):
            await call(partial(host.garden.scores.start, project, adapter))
            toasts.show(host.app, f"{adapter.version} of {project.name} is being measured.")
            host.reload(project.id)

    def show(self, page: Page) -> None:
        """Show the card of the selected project's adapter, or what it learned."""
        self._host.start("card", partial(self._show, page))

    async def _show(self, page: Page) -> None:
        host, project = self._host, self._with_adapter()
        if project is not None:
            adapters = host.overview.adapters_of(project)
            await host.app.push_screen_wait(CardScreen(host.garden, project, adapters, page))

    def compare(self) -> None:
        """Show two adapters of the selected project beside each other."""
        self._host.start("card", self._compare)

    async def _compare(self) -> None:
        host, project = self._host, self._with_adapter()
        if project is None:
            return
        adapters = host.overview.adapters_of(project)
        if len(adapters) < 2:
            toasts.show(host.app, f"{project.name} has one adapter; it takes two.", "warning")
            return
        active = next((one for one in adapters if one.version == project.adapter), adapters[0])
        other = next(one for one in adapters if one.version != active.version)
        first, second = sorted((active, other), key=adapters.index, reverse=True)
        await host.app.push_screen_wait(BesideScreen(host.garden, project, adapters, first, second))

    def vote(self) -> None:
        """Let a person say which is better, the adapter or its base, without knowing which is."""
        self._host.start("card", self._vote)

    async def _vote(self) -> None:
        host, project = self._host, self._with_adapter()
        if project is None:
            return
        adapters = host.overview.adapters_of(project)
        active = next((one for one in adapters if one.version == project.adapter), adapters[0])
        if await call(partial(host.garden.scores.card, active)) is None:
            key = keymap.of(host.app).key("adapter.score").shown
            text = f"{active.version} was not measured: {key} does, and there is what to vote on."
            toasts.show(host.app, text, "warning")
            return
        await host.app.push_screen_wait(VoteScreen(host.garden, project, active))

    async def use(self, project: Project, version: str) -> None:
        """Let an adapter answer; one that has not passed needs a reason."""
        host = self._host
        adapter = self._adapter(project, version)
        reason = ""
        if adapter is not None and adapter.state != "passed":
            given = await host.app.push_screen_wait(Reason(adapter))
            if given is None:
                return
            reason = given
        await call(partial(host.garden.adapters.use, project, version, reason))
        toasts.show(host.app, f"Adapter {version} of {project.name} answers now.")
        host.reload(project.id)

    def _adapter(self, project: Project, version: str) -> Adapter | None:
        adapters = self._host.overview.adapters_of(project)
        return next((one for one in adapters if one.version == version), None)

    def _with_adapter(self) -> Project | None:
        """The selected project, if it has an adapter; else say what makes one."""
        host, project = self._host, self._host.needed_project()
        if project is None or host.overview.adapters_of(project):
            return project
        train = keymap.of(host.app).key("run.train").shown
        toasts.show(host.app, f"{project.name} has no adapter yet: {train} trains one.", "warning")
        return None
