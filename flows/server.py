"""The settings under which Prefect is run here: measured defaults for one machine, one place to change them."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

HOST = "127.0.0.1"
POOL = "jibao"

# Default batch sizes of 1 cost the server three times the CPU; leases in memory are lost at a restart and take the
# runs that hold them along; analytics and promotion call out of the machine.
_SERVER = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "2",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
_CLIENT = {
    "DO_NOT_TRACK": "1",
    # A flow that cannot reach its server must fail at once, not start a server of its own that loses its records.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}


def api_url(port: int, host: str = HOST) -> str:
    """Where the API of a server on this machine stands."""
    return f"http://{host}:{port}/api"


def client_environment(port: int, home: Path, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that runs flows against the server on `port`."""
    environ = dict(os.environ if base is None else base)
    environ.update(_CLIENT, PREFECT_API_URL=api_url(port), PREFECT_HOME=str(home))
    return environ


def server_environment(port: int, home: Path, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of `prefect server start`. Without UI_API_URL the UI looks for the API on port 4200."""
    environ = client_environment(port, home, base)
    environ.update(
        _SERVER,
        PREFECT_SERVER_API_HOST=HOST,
        PREFECT_SERVER_API_PORT=str(port),
        PREFECT_SERVER_UI_API_URL=api_url(port),
    )
    environ.pop("PREFECT_API_URL")  # the server is nobody's client
    return environ


def free_port(preferred: int = 4200) -> int:
    """`preferred` if nothing listens there, else a port the system picks."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port on {HOST}")
