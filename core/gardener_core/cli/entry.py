"""Start the `gardener` command."""

from gardener_core.interrupts import leave_quietly

leave_quietly()

# What follows takes a while to load, and may be stopped meanwhile.
from gardener_core.cli.main import main as main  # noqa: E402
