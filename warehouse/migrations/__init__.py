"""Versions of the schema, oldest first, and the way from one to the next."""

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
HEAD = VERSIONS[-1]
