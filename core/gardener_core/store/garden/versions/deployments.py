"""The models that an Ollama server got."""

import time
from dataclasses import dataclass

from gardener_core.store.database import Database
from gardener_core.store.garden.audit import record_action


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version as a model of a server, whose `name` the project has there.

    `digest` is the server's of the model, `sha256` that of the file that was measured.
    """

    project: str
    version: str
    server: str
    name: str
    model: str
    digest: str
    sha256: str
    bytes: int
    quant: str
    route: str
    run: str
    created: float = 0.0


class DeploymentTable:
    """The table `deployments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, deployed: Deployment) -> None:
        """Keep a model that is there; one of the same name on the same server is replaced."""
        fields = (
            deployed.project, deployed.version, deployed.server, deployed.name, deployed.model,
            deployed.digest, deployed.sha256, deployed.bytes, deployed.quant, deployed.route,
            deployed.run, deployed.created or time.time(),
        )  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM deployments WHERE server = ? AND model = ?",
                (deployed.server, deployed.model),
            )
            connection.execute(
                "INSERT INTO deployments (project, version, server, name, model, digest, sha256, "
                "bytes, quant, route, run, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                fields,
            )
            detail = f"{deployed.version} as {deployed.model}, digest {deployed.digest[:12]}"
            record_action(connection, "model made on Ollama", deployed.project, detail)

    def deployed(self, deployed: Deployment, latest: str) -> None:
        """Note in the audit log that others get it now."""
        with self._database.writing() as connection:
            record_action(
                connection, "deployed", deployed.project, f"{deployed.version} as {latest}"
            )

    def remove(self, deployed: Deployment) -> None:
        """Forget a model that is no longer there."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM deployments WHERE server = ? AND model = ?",
                (deployed.server, deployed.model),
            )
            record_action(connection, "undeployed", deployed.project, deployed.model)

    def rolled_back(self, project: str, latest: str, digest: str) -> None:
        """Note in the audit log which model is the latest again."""
        with self._database.writing() as connection:
            record_action(connection, "deployment rolled back", project, f"{latest} {digest[:12]}")

    def all(self, project: str | None = None) -> list[Deployment]:
        """Every model that was deployed, of one project or of all, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT project, version, server, name, model, digest, sha256, bytes, quant, "
                "route, run, created FROM deployments WHERE ?1 IS NULL OR project = ?1 "
                "ORDER BY number DESC",
                (project,),
            ).fetchall()
        return [self._database.parse_row(Deployment, dict(row)) for row in rows]
