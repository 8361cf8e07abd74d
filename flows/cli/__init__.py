"""`jibao`: results to stdout, everything else to stderr, exit statuses by the contract."""

from __future__ import annotations

import sys

from warehouse.failure import JibaoError

__all__ = ["main"]

try:
    from flows.cli.main import main
except JibaoError as error:  # what the command is made of may refuse to be used: see `tasks.compiled`
    _refusal = error

    def main(arguments: list[str] | None = None) -> None:  # noqa: ARG001
        """The entry point of a command that must not run."""
        print(f"jibao: {_refusal}", file=sys.stderr)
        sys.exit(_refusal.exit_status)
