"""Start the screen."""

import gc

from gardener_core.system.signals import exit_on_interrupt

exit_on_interrupt()
gc.disable()  # nothing of an import is garbage: to look for some takes a tenth of it

# What follows takes a while to load, and may be stopped meanwhile.
from gardener_tui.cli import main as main  # noqa: E402

gc.freeze()
gc.enable()
