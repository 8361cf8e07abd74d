"""A held document waits for a person: a typed form in the UI, the same decision as `jibao review`.

The truth is the decision in the warehouse. A run of this flow only asks; if the command line answered first, it ends.
"""

from typing import Literal

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from pydantic import Field

from flows.markdown import key, plain
from tasks.pipeline.review import decide, pending_document
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import open_workplace
from warehouse import Pending, PreviewChange

_PATIENCE = 90 * 24 * 3600  # seconds a question stays open


class Decision(RunInput):
    """The form. Recorded with the document for ever."""

    verdict: Literal["accept", "reject"] = Field(description="accept loads the document; reject keeps it out")
    who: str = Field(min_length=1, max_length=80, description="your name")
    why: str = Field(min_length=1, max_length=500, description="what you looked at, for whoever asks in a year")


def _name() -> str:
    return f"review {str(flow_run.parameters.get('document_id'))[:12]}"


@flow(name="review", flow_run_name=_name, persist_result=True)
def review(document_id: str) -> str:
    """Ask a person whether a held document is believed.

    Args:
        document_id: The id that the run's summary and `jibao review list` show.
    """
    settings = Settings.from_environment()
    with open_workplace(settings) as work:
        held = pending_document(work, document_id)
        if held is None:
            get_run_logger().info("%s does not wait for a decision (any more)", document_id)
            return "nothing to decide"
        changes = work.warehouse.preview(document_id)
    create_markdown_artifact(question(held, changes), key=key("review", held.source_id), description=held.title)
    decision = suspend_flow_run(
        wait_for_input=Decision.with_initial_data(description=question(held, changes[:20])), timeout=_PATIENCE
    )
    with open_workplace(settings) as work:
        decide(work, document_id, decision.verdict, who=decision.who, why=decision.why)
    get_run_logger().info("%s: %s by %s", document_id, decision.verdict, decision.who)
    return str(decision.verdict)


def question(held: Pending, changes: list[PreviewChange]) -> str:
    """What the person needs to see: which document, why it is held, what accepting it would change."""
    lines = [
        f"**{plain(held.title)}** · {plain(held.source_id)} · {held.period} · revision {held.revision}",
        f"<{held.url}>" if (held.url or "").startswith(("http://", "https://")) else plain(held.url),
        "",
        "| check | verdict | evidence |",
        "|---|---|---|",
        *(f"| {plain(c.name)} | {c.verdict} | {plain(c.evidence)} |" for c in held.checks),
        "",
        f"Accepting it would bring {held.changes} changes.",
    ]
    if changes:
        lines += ["", "| promise | facet | relation | old | new |", "|---|---|---|---|---|"]
        lines += [
            f"| {plain(c.content, 60)} | {c.facet} | {c.relation} | {plain(c.old_value, 80)} "
            f"| {plain(c.new_value, 80)} |"
            for c in changes[:100]
        ]
    return "\n".join(lines)


def open_reviews(summary: RunSummary) -> None:
    """Start a review run for each document that this run left held. One document is asked about once."""
    for outcome in summary.outcomes:
        if outcome.state != "held" or not outcome.document_id:
            continue
        try:
            run_deployment(
                "review/review",
                parameters={"document_id": outcome.document_id},
                idempotency_key=f"review-{outcome.document_id}-{outcome.detail}",
                timeout=0,
                as_subflow=False,
            )
        except ObjectNotFound:
            get_run_logger().warning(
                "no deployment review/review here; decide with: jibao review accept|reject %s", outcome.document_id
            )
