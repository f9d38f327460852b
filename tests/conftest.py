"""No test fetches a model that it did not ask for."""

import os

os.environ.setdefault("GARDENER_MODELS__STARTER", "false")
