"""A run from listing to warehouse, in parts that the command line and the Prefect flows both call."""

from tasks.pipeline.acquire import Acquired, acquire, hints_for
from tasks.pipeline.job import Candidate, Job, select_documents
from tasks.pipeline.process import Survey, process, process_document, survey
from tasks.pipeline.run import finish, guarded, not_published, run, start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome, RunSummary, summarise
from tasks.pipeline.workplace import Workplace, configured, open_workplace

__all__ = [
    "Acquired",
    "Candidate",
    "DocumentOutcome",
    "Job",
    "RunSummary",
    "Settings",
    "Survey",
    "Workplace",
    "acquire",
    "configured",
    "finish",
    "guarded",
    "hints_for",
    "not_published",
    "open_workplace",
    "process",
    "process_document",
    "run",
    "select_documents",
    "start",
    "summarise",
    "survey",
]
