"""The settings, as the faces see them."""

from gardener_core.errors import BadInput
from gardener_core.places import Places
from gardener_core.settings import Explained, Settings, explain, load_settings, parse_value
from gardener_core.settings_file import set_value


class SettingsDoor:
    """Read, explain and change settings."""

    def __init__(self, places: Places) -> None:
        self._path = places.settings

    def current(self) -> Settings:
        """All settings as they are now."""
        return load_settings(self._path)

    def explain(self) -> list[Explained]:
        """Every setting with its value, source and effect."""
        return explain(self._path)

    def one(self, key: str) -> Explained:
        """One setting."""
        for item in self.explain():
            if item.key == key:
                return item
        raise BadInput(f"There is no setting named {key}.", hint="Run: gardener config")

    def set(self, key: str, text: str) -> Explained:
        """Write one setting; everything else in the file stays."""
        value = parse_value(key, text)
        self.current()  # a file that is broken is not written to
        set_value(self._path, key, value)
        return self.one(key)
