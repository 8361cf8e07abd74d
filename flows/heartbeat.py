"""Heartbeats of flow runs that a terminal starts, without the second that Prefect's own hold a finished run back.

Prefect's thread sleeps in whole seconds and a sync flow waits for it at its end. Ours waits for an event. The events
are the same, so that the zombie automation (`flows/registering.py`) sees a run that died.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from functools import partial
from typing import Any

_LOG = logging.getLogger("jibao")
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
    send = partial(_send, str(context.flow_run.id), context.flow_run.name, str(context.flow_run.flow_id), context.flow)
    # The settings, and with them the API's address, are in context variables.
    thread = threading.Thread(
        target=copy_context().run, args=(beat, send, ended, every.total_seconds()), name="heartbeat", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def beat(send: Callable[[], None], ended: threading.Event, seconds: float) -> None:
    """Send now and every so often until it is ended. One that fails is told in the log, and the next one is sent: a
    run without heartbeats is taken for dead, though it works."""
    while True:
        try:
            send()
        except Exception:  # noqa: BLE001  whatever it was, a run that works is not dead
            _LOG.exception("a heartbeat could not be sent; the next one is due in %.0f s", seconds)
        if ended.wait(seconds):
            return


def _send(run_id: str, run_name: str, flow_id: str, flow: Any) -> None:
    from prefect.events import emit_event

    emit_event(
        "prefect.flow-run.heartbeat",
        resource={"prefect.resource.id": f"prefect.flow-run.{run_id}", "prefect.resource.name": run_name},
        related=[
            {
                "prefect.resource.id": f"prefect.flow.{flow_id}",
                "prefect.resource.role": "flow",
                "prefect.resource.name": flow.name if flow else "",
            }
        ],
    )
