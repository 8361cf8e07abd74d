"""Keys stand in warehouses for ever: the bytes behind them are those of Python's own JSON, however they are made."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.keys import canonical, key

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.lists(inner).map(tuple), max_leaves=20)


@given(VALUES)
@example([1e16, 1e15, 1e-4, 1e-5, -0.0, 5e-324, 1.7976931348623157e308, 123456789012345680.0])
@example(["0.00001", "3e", "\\u0000", "\x00\x1f\x7f", '"\\/\b\f\n\r\t', "\u2028\ud7ff\U0010ffff"])
@example([2**53 + 1, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, True])
def test_canonical_bytes_are_pythons_json(value: object) -> None:
    assert canonical(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def test_half_a_surrogate_pair_has_no_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical(["\ud800"])


def test_a_key_of_today_is_the_key_of_tomorrow() -> None:
    assert key("pair", "甲", 3, 0.25, None, ["x", 1e-07]) == "fbd800eacb152d497ff5f21b"
