"""A real Prefect server with our deployments and a worker, once for all tests of this folder.

Prefect is never imported into the test process: everything goes through `jibao`, its processes and the HTTP API, as
it does for an operator.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.portal import HanwebPortal
from demo.sites import sites, sources_yaml
from tasks.pipeline.settings import Settings

JIBAO = [sys.executable, "-m", "flows.cli"]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """`jibao serve` in a folder of its own. `ask` calls the API."""

    api: str
    folder: Path
    settings: Settings
    environ: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(5):
                answer = session.request(method, self.api + path, json=body, timeout=30)
                if answer.status_code != 503:
                    break
                time.sleep(1)  # the server's database is busy for a moment; its own client asks again too
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployment(self, name: str) -> dict[str, Any]:
        return next(one for one in self.ask("POST", "/deployments/filter", {}) if one["name"] == name)

    def start(self, deployment: str, **parameters: Any) -> str:
        path = f"/deployments/{self.deployment(deployment)['id']}/create_flow_run"
        return str(self.ask("POST", path, {"parameters": parameters})["id"])

    def wait(self, flow_run: str, *states: str, seconds: float = 150) -> dict[str, Any]:
        """The flow run once it is in one of the states (by type)."""
        return until(lambda: self.ask("GET", f"/flow_runs/{flow_run}"), lambda r: r["state_type"] in states, seconds)


def until(look: Callable[[], Any], good: Callable[[Any], bool], seconds: float) -> Any:
    """Look again and again until it is good; the last look in the failure."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if good(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"still {seen!r:.2000}")
        time.sleep(0.5)


def environment(settings: Settings, home: Path) -> dict[str, str]:
    """Of a process of ours: nothing of the machine's Prefect, proxies or home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "JIBAO_"))}
    return (
        kept | settings.as_environment() | {"HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "NO_PROXY": "*"}
    )


def jibao(environ: dict[str, str], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command, as a user types it."""
    return subprocess.run(
        [*JIBAO, *arguments],
        cwd=cwd,
        env=environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )


def settings_in(folder: Path) -> Settings:
    return Settings(
        sources=str(folder / "sources.yaml"),
        warehouse=f"sqlite:///{folder / 'jibao.db'}",
        archive=str(folder / "archive"),
        state=str(folder / "state"),
    )


@pytest.fixture
def portal() -> Iterator[HanwebPortal]:
    with HanwebPortal(sites()) as running:
        yield running


@pytest.fixture
def at(tmp_path: Path, portal: HanwebPortal) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`at("ingest", "2024Q1")`: a command in a folder with the demo portal's sources, without Prefect."""
    settings = settings_in(tmp_path)
    (tmp_path / "sources.yaml").write_text(sources_yaml(portal), encoding="utf-8")
    environ = environment(settings, tmp_path)
    return lambda *arguments: jibao(environ, *arguments, cwd=tmp_path)


@pytest.fixture(scope="session")
def served_portal() -> Iterator[HanwebPortal]:
    with HanwebPortal(sites()) as running:
        yield running


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, served_portal: HanwebPortal) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "sources.yaml").write_text(sources_yaml(served_portal), encoding="utf-8")
    settings = settings_in(folder)
    environ = environment(settings, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*JIBAO, "serve", "--port", str(port), "--home", str(folder / "prefect")],
            cwd=folder,
            env=environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: (folder / "state" / "serve.json").exists() or process.poll() is not None, bool, seconds=240)
        assert process.poll() is None, (folder / "serve.log").read_text()
        yield Served(f"http://127.0.0.1:{port}/api", folder, settings, environ)
    finally:
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(60)
