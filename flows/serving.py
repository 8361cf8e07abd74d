"""`jibao serve`: Prefect server, deployments and one worker on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.cli.console import Console
from flows.recorded import alive, serve_file
from flows.server import POOL, api_url, client_environment, server_environment
from tasks.errors import JibaoError
from tasks.pipeline.settings import Settings

_START_SECONDS = 120
_DRAIN_SECONDS = 600


class ServerDidNotStart(JibaoError):
    """The Prefect server ended or did not answer in time."""

    remedy = "Read its log, named above; another server may hold the port: --port 4300."


@contextmanager
def prefect_server(port: int, home: Path, console: Console) -> Iterator[str]:
    """A running Prefect server on loopback with its data in `home`; yields the API's URL, stops it at the end."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    api = api_url(port)
    if alive(api, timeout=0.5):
        raise ServerDidNotStart(f"something answers at {api} already")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("ab") as out:
        # A group of its own: Ctrl-C reaches us first, and we stop the worker before its server.
        process = subprocess.Popen(
            command, env=server_environment(port, home), stdout=out, stderr=out, start_new_session=True
        )
    try:
        console.progress(f"starting the Prefect server on port {port} (log: {log})")
        deadline = time.monotonic() + _START_SECONDS
        while not alive(api, timeout=1.0):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerDidNotStart(f"no answer at {api}; see {log}")
            time.sleep(0.3)
        yield api
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """SIGTERM, then SIGKILL for the group of a process that does not end."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def serve_here(settings: Settings, port: int, home: Path, console: Console, *, worker: bool = True) -> int:
    """Run until SIGINT or SIGTERM. The first one lets running flow runs end, the second stops at once."""
    wanted: list[int] = []
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda number, _frame: wanted.append(number))
    with prefect_server(port, home, console) as api:
        from flows.registering import register

        console.progress("registering deployments")
        for line in register(api, settings):
            console.progress(line)
        _announce(settings, api)
        process = _worker(settings, port, home) if worker else None
        try:
            console.say(f"Prefect UI: http://127.0.0.1:{port}   (Ctrl-C stops; running flow runs are let end)")
            while not wanted:
                time.sleep(0.3)
                if process is not None and process.poll() is not None:
                    console.progress("the worker ended; starting another")
                    process = _worker(settings, port, home)
            if process is not None:
                _drain(api, console, wanted)
        finally:
            serve_file(settings).unlink(missing_ok=True)
            if process is not None:
                stop(process)
    return 0


def _announce(settings: Settings, api: str) -> None:
    file = serve_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"api": api, "pid": os.getpid()}))


def _worker(settings: Settings, port: int, home: Path) -> subprocess.Popen[bytes]:
    environ = client_environment(port, home) | settings.as_environment()
    with (home / "worker.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL],
            env=environ,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def _drain(api: str, console: Console, wanted: list[int]) -> None:
    """A worker that is told to stop kills its runs and leaves them Running: so no new runs, then wait."""
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.patch(f"{api}/work_pools/{POOL}", json={"is_paused": True}, timeout=10)
        try:
            deadline = time.monotonic() + _DRAIN_SECONDS
            question = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}
            while len(wanted) < 2 and time.monotonic() < deadline:
                running = session.post(f"{api}/flow_runs/count", json=question, timeout=10).json()
                if not running:
                    break
                console.progress(f"waiting for {running} flow runs; Ctrl-C again stops them")
                time.sleep(2)
        finally:
            session.patch(f"{api}/work_pools/{POOL}", json={"is_paused": False}, timeout=10)
