"""URL → outcome + capture: politely, safely, complete or failed, archived before anybody looks."""

from tasks.fetch.policy import Policy, SourcePolicy
from tasks.fetch.replay import ReplayFetcher
from tasks.fetch.session import Fetcher

__all__ = ["Fetcher", "Policy", "ReplayFetcher", "SourcePolicy"]
