"""Real Prefect: server, deployments, schedule, worker, flow runs, the approval form."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from demo.portal import HanwebPortal
from demo.quirks import Quirks
from demo.sites import NEWEST, QUARTERS, news, sites
from tests.flows.conftest import Served, jibao, until
from warehouse import Warehouse


def test_a_deployed_cron_yields_scheduled_runs(served: Served) -> None:
    ingest = served.deployment("ingest")
    assert {one["schedule"]["timezone"] for one in ingest["schedules"]} == {"Asia/Shanghai"}
    question = {
        "deployments": {"id": {"any_": [ingest["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    runs = until(lambda: served.ask("POST", "/flow_runs/filter", question), bool, seconds=60)
    for run in runs:
        when = datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Asia/Shanghai"))
        assert (when.hour, when.minute) == (6, 30)


def test_every_deployment_names_its_flow_by_module(served: Served) -> None:
    deployments = served.ask("POST", "/deployments/filter", {})
    assert {one["name"] for one in deployments} == {"ingest", "backfill", "quarters", "reparse", "review"}
    assert all(one["entrypoint"].startswith("flows.") for one in deployments)


def test_a_run_started_from_the_ui_loads_and_the_form_decides(served: Served, served_portal: HanwebPortal) -> None:
    past = served.wait(served.start("backfill", first=str(QUARTERS[5]), last=str(QUARTERS[6])), "COMPLETED", "FAILED")
    assert past["state_type"] == "COMPLETED"
    news(served_portal)
    ingested = served.wait(served.start("ingest", period=str(NEWEST)), "COMPLETED", "FAILED")
    assert ingested["state_type"] == "COMPLETED"
    assert str(NEWEST) in ingested["name"]
    with Warehouse(served.settings.warehouse) as warehouse:
        runs = warehouse.query("v_run", filters={"kind": "ingest"})
        assert ingested["id"] in runs["flow_run_id"].to_list()
        progress = warehouse.query("v_progress", filters={"period": str(NEWEST)}, current=True)
        assert set(progress["source_id"]) >= {"tingzhou", "heyan"}

    artifacts = served.ask("POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [ingested["id"]]}}})
    by_key = {one["key"]: one for one in artifacts}
    assert {"ingest-summary", "progress", "changes-tingzhou"} <= set(by_key)
    assert "临漪区" in by_key["ingest-summary"]["data"]

    # The held report is asked about in a suspended run of its own; the form's answer is checked and recorded.
    def questions() -> list[dict[str, object]]:
        found = served.ask("POST", "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}})
        return [one for one in found if one["name"].startswith("review")]

    asked = until(questions, bool, seconds=150)[0]
    answer = {"run_input": {"verdict": "accept", "who": "沈知远", "why": "the office published one chapter"}}
    refused = {"run_input": {"verdict": "perhaps", "who": "", "why": ""}}
    assert served.ask("POST", f"/flow_runs/{asked['id']}/resume", refused)["status"] != "ACCEPT"
    assert served.ask("POST", f"/flow_runs/{asked['id']}/resume", answer)["status"] == "ACCEPT"
    served.wait(str(asked["id"]), "COMPLETED")
    with Warehouse(served.settings.warehouse) as warehouse:
        assert warehouse.pending() == []
        assert (
            warehouse.query("v_progress", filters={"source_id": "linyi", "period": str(NEWEST)}, current=True).height
            == 7
        )


def test_a_command_in_a_terminal_is_recorded_where_serve_runs(served: Served) -> None:
    done = jibao(served.environ, "backfill", "--from", str(QUARTERS[2]), "--to", str(QUARTERS[2]), cwd=served.folder)
    # One of the portals may block by now: that is the portal's, the run is whole.
    assert done.returncode in {0, 1}, done.stderr
    name = f"backfill {QUARTERS[2]}..{QUARTERS[2]}"
    found = served.ask("POST", "/flow_runs/filter", {"flow_runs": {"name": {"any_": [name]}}})
    assert [one["state_type"] for one in found] == ["COMPLETED"]
    # It tells that it lives, as a worker's run does: else nobody would notice that it died.
    beating = {
        "filter": {
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "resource": {"id": [f"prefect.flow-run.{found[0]['id']}"]},
        }
    }
    until(lambda: served.ask("POST", "/events/filter", beating)["events"], bool, seconds=60)


def test_a_run_of_which_nothing_came_is_a_failed_one(served: Served, served_portal: HanwebPortal) -> None:
    known = [site.id for site in sites()]
    for source_id in known:
        served_portal.quirk(source_id, Quirks(maintenance=True))
    try:
        run = served.wait(served.start("ingest", period=str(QUARTERS[4]), recheck=0), "COMPLETED", "FAILED")
        assert run["state_type"] == "FAILED"
        assert "tingzhou" in run["state"]["message"]
        done = jibao(served.environ, "ingest", str(QUARTERS[4]), "--recheck", "0", cwd=served.folder)
        assert done.returncode == 1, done.stderr
        assert all(source_id in done.stderr for source_id in known)
    finally:
        for source_id in known:
            served_portal.quirk(source_id, Quirks())


def test_a_bad_period_is_refused_before_the_run(served: Served) -> None:
    import pytest
    import requests

    with pytest.raises(requests.HTTPError):
        served.start("ingest", period="2024Q5")


def test_a_server_that_is_down_does_not_stop_the_command(served: Served, tmp_path) -> None:
    environ = served.environ | {"PREFECT_API_URL": "http://127.0.0.1:9/api", "JIBAO_STATE": str(tmp_path)}
    done = jibao(environ, "ingest", str(QUARTERS[5]), "--recheck", "0", cwd=served.folder)
    assert done.returncode in {0, 1}
    assert "127.0.0.1:9" in done.stderr
