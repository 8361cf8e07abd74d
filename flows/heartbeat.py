"""Heartbeats of flow runs that a terminal starts, without the second that Prefect's own hold a finished run back.

Prefect's thread sleeps in whole seconds and a sync flow waits for it at its end. Ours waits for an event. The events
are the same, so that the zombie automation (`flows/registering.py`) sees a run that died.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from typing import Any

HEARTBEAT = timedelta(seconds=180)  # Prefect's own default, which workers' runs keep


def without_prefects() -> dict[Any, Any]:
    """The setting (for `temporary_settings`) under which Prefect sends none and `heartbeats` does.

    It cannot be said by the environment, which knows no `none` for it.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY

    return {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}


@contextmanager
def heartbeats(every: timedelta = HEARTBEAT) -> Iterator[None]:
    """While the block runs: one heartbeat of the present flow run at once, then one every so often.

    Nothing where Prefect sends its own, or outside of a flow run.
    """
    from prefect.context import FlowRunContext
    from prefect.settings import get_current_settings

    context = FlowRunContext.get()
    if context is None or context.flow_run is None or get_current_settings().flows.heartbeat_frequency is not None:
        yield
        return
    ended = threading.Event()
    flow_run, flow = context.flow_run, context.flow

    def beat() -> None:
        from prefect.events import emit_event

        while True:
            emit_event(
                "prefect.flow-run.heartbeat",
                resource={
                    "prefect.resource.id": f"prefect.flow-run.{flow_run.id}",
                    "prefect.resource.name": flow_run.name,
                },
                related=[
                    {
                        "prefect.resource.id": f"prefect.flow.{flow_run.flow_id}",
                        "prefect.resource.role": "flow",
                        "prefect.resource.name": flow.name if flow else "",
                    }
                ],
            )
            if ended.wait(every.total_seconds()):
                return

    # The settings, and with them the API's address, are in context variables.
    thread = threading.Thread(target=copy_context().run, args=(beat,), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
