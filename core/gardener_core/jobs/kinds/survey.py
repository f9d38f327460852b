"""Count a project's files and languages."""

import time
from collections.abc import Generator
from pathlib import Path

from gardener_core.code.files.survey import names_of, survey
from gardener_core.events.index import Surveyed
from gardener_core.events.union import Event
from gardener_core.jobs import runner
from gardener_core.jobs.spec import IndexSpec, SurveySpec
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectState, ProjectTable
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places


def work(
    spec: SurveySpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Count and store the result; a state set by an index run meanwhile stays."""
    projects = ProjectTable(Database(places.database))
    project = projects.get(spec.project)
    before: ProjectState = "new" if project.state == "surveying" else project.state
    projects.set_state(spec.project, "surveying")
    try:
        for event in survey(project.path):
            if isinstance(event, Surveyed):
                projects.set_survey(spec.project, event.files, names_of(event))
            yield event
        if spec.index_run:
            _start_index(spec, places)
    finally:
        if projects.get(spec.project).state == "surveying":
            projects.set_state(spec.project, before)


def _start_index(spec: SurveySpec, places: Places) -> None:
    created = time.time()
    index_spec = IndexSpec(
        run=spec.index_run,
        created=created,
        project=spec.project,
        full=False,
        embedder=spec.embedder,
        code_may_leave=spec.code_may_leave,
    )
    runner.start(places.run(index_spec.run), index_spec)
    RunTable(Database(places.database)).keep(
        Run(index_spec.run, index_spec.kind, index_spec.project, created, "starting")
    )
