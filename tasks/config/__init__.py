"""Configuration: `sources.yaml` as validated, frozen sources, with every error at its file and line."""

from tasks.config.errors import ConfigError, Problem, SelectionError
from tasks.config.loading import json_schema, load_sources, parse_sources, select
from tasks.config.source import Aliases, Checks, Defaults, Source, SourcesFile

__all__ = [
    "Aliases",
    "Checks",
    "ConfigError",
    "Defaults",
    "Problem",
    "SelectionError",
    "Source",
    "SourcesFile",
    "json_schema",
    "load_sources",
    "parse_sources",
    "select",
]
