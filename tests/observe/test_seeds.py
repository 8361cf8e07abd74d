"""Real documents, labelled by hand: for a span of a document, the values, units and measures it reports."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
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


def _scorer() -> ModuleType:
    path = _ROOT / "bench" / "observe_score.py"
    spec = importlib.util.spec_from_file_location("observe_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["observe_score"] = module
    spec.loader.exec_module(module)
    return module


def test_whole_documents_are_read_as_two_labellers_read_their_passages() -> None:
    """Labels on passages by two people who did not know the grammar; the document around them is read too."""
    for case in _CASES:
        _text(case["seed"])
    records = json.loads((Path(__file__).parent / "labels" / "seeds_labelled_twice.json").read_text(encoding="utf-8"))
    score = _scorer().score_documents(records, _SEEDS)
    assert score.f1 >= 0.97, score.errors
    for name, target in (("measure", 0.97), ("sign", 0.99), ("kind", 0.95), ("bound", 0.97), ("period", 0.90)):
        assert score.share(name) >= target, (name, score.errors)
