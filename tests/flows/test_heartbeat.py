"""Heartbeats go on where one of them could not be sent."""

from __future__ import annotations

import threading

from flows.heartbeat import beat


def test_a_heartbeat_that_fails_does_not_end_the_others() -> None:
    ended = threading.Event()
    tried = 0

    def send() -> None:
        nonlocal tried
        tried += 1
        if tried == 3:
            ended.set()
        if tried < 3:
            raise ConnectionError("the server is being restarted")

    beat(send, ended, 0.001)
    assert tried == 3
