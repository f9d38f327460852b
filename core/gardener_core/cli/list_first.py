"""A group of commands that lists where none is named."""

import click


class ListFirst(click.Group):
    """A group whose hidden command `list` is run where no other one is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a first word that is no subcommand as the name of a project."""
        word = next((one for one in args if not one.startswith("-")), "")
        if "--help" not in args and word not in self.commands:
            args = ["list", *args]
        return super().parse_args(ctx, args)
