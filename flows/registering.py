"""Registers with a Prefect API all that an installation needs; run again, it changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flows.heartbeat import HEARTBEAT
from flows.recorded import environment
from flows.server import POOL
from tasks.errors import JibaoError
from tasks.pipeline.settings import Settings

FILE = Path(__file__).parent.parent / "deployments" / "prefect.yaml"
ZOMBIES = "jibao: crash flow runs whose heartbeat stopped"


class DeployFailed(JibaoError):
    """Prefect refused a work pool, a deployment or an automation."""

    remedy = "Read Prefect's own words above; `prefect version` must be the pinned one."


def register(api: str, settings: Settings) -> list[str]:
    """Work pool, deployments with schedules, zombie automation; returns what was done, a line each."""
    with environment(settings, api):
        os.environ["JIBAO_HOME"] = str(Path.cwd())
        _prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
        _prefect("deploy", "--all", "--prefect-file", str(FILE))
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: api}):
            created = _zombie_automation()
    return [
        f"work pool {POOL}",
        f"deployments of {FILE.name}",
        f"automation {'created' if created else 'already there'}: {ZOMBIES}",
    ]


def _prefect(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise DeployFailed(f"prefect {' '.join(arguments[:2])}: {(done.stderr or done.stdout).strip()[-2000:]}")


def _zombie_automation() -> bool:
    """A run whose process and worker died together stays Running for ever unless somebody notices the silence.

    `within` is three heartbeats: with less, healthy runs are called dead. A suspended run has no heartbeat and is
    no zombie.
    """
    from prefect.automations import Automation
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification
    from prefect.utilities.asyncutils import run_coro_as_sync

    try:
        run_coro_as_sync(Automation.aread(name=ZOMBIES))
    except ValueError:
        pass
    else:
        return False
    ends = (
        "Completed",
        "Failed",
        "Crashed",
        "Cancelled",
        "Cancelling",
        "Suspended",
        "Paused",
        "TimedOut",
        "AwaitingRetry",
    )
    automation = Automation(
        name=ZOMBIES,
        description="Without it a power cut leaves flow runs Running for ever.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *(f"prefect.flow-run.{state}" for state in ends)},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=3 * HEARTBEAT,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed", state=StateType.CRASHED, message="no heartbeat for nine minutes", force=False
            )
        ],
    )
    run_coro_as_sync(automation.acreate())
    return True
