"""`jibao`: results to stdout, everything else to stderr, exit statuses by the contract."""

from flows.cli.main import main

__all__ = ["main"]
