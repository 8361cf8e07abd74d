"""Real documents, labelled by hand: for a span of a document, the values, units and measures it reports."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.observe import Context, quantities

_ROOT = Path(__file__).parents[2]
_SEEDS = Path(os.environ.get("JIBAO_SEEDS", _ROOT.parent / "shared" / "seeds"))
_CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "labels" / "seeds.json").read_text(encoding="utf-8"))


def _text(number: str) -> str:
    found = sorted(_SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"no document {number} in {_SEEDS}; set JIBAO_SEEDS to the folder that holds them")
    return found[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['seed']}-{case['start']}")
def test_values_units_and_measures(case: dict[str, Any]) -> None:
    text = _text(case["seed"])
    opened = max(text.rfind(mark, 0, case["start"]) for mark in "。|\n") + 1
    context = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
    seen = quantities(text[opened : case["end"] + 1], context)
    inside = [o for o in seen if o.start + opened >= case["start"]]
    assert [(o.value, o.unit, o.measure) for o in inside] == [
        (Decimal(value), unit, measure) for value, unit, measure in case["labels"]
    ]
