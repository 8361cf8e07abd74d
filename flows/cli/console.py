"""What goes to stderr: progress and messages, one line a record, control characters made visible."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Sequence

from tasks.pipeline.summary import TROUBLED, DocumentOutcome, RunSummary

# Portal text must not move the cursor, colour the terminal or turn the writing direction.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: object) -> str:
    """Text as one harmless line."""
    return _CONTROL.sub(lambda found: " " if found.group() in "\n\r\t" else f"\\x{ord(found.group()):02x}", str(text))


class Console:
    """Lines on stderr with the seconds since the start."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def say(self, text: str) -> None:
        """One message, as it is."""
        print("\n".join(one_line(line) for line in str(text).split("\n")), file=sys.stderr, flush=True)

    def ask_for_contact(self, source_ids: Sequence[str]) -> None:
        """Say once that public portals are about to be asked by somebody who cannot be written to."""
        if source_ids:
            more = f" and {len(source_ids) - 1} more" if len(source_ids) > 1 else ""
            self.say(
                f"JIBAO_CONTACT is not set: {source_ids[0]}{more} will see no contact in the User-Agent. "
                "Set it to an address or a page of yours, so that a portal can write instead of blocking."
            )

    def progress(self, message: str, outcome: DocumentOutcome | None = None) -> None:
        """One line of progress; trouble is marked."""
        mark = "!" if outcome is not None and outcome.state in TROUBLED else " "
        # One write a line: several threads tell at once.
        sys.stderr.write(f"{time.monotonic() - self._begun:7.1f}s {mark} {one_line(message)}\n")
        sys.stderr.flush()

    def summary(self, summary: RunSummary) -> None:
        """Counts, and every trouble by name: source, address, reason."""
        counts = ", ".join(f"{name} {count}" for name, count in summary.counts.items())
        period = summary.period or ("due" if summary.kind == "ingest" else "")
        what = f"{summary.kind} {period}".rstrip()
        self.say(f"{what}: {counts or 'nothing to do'}")
        self._troubles(summary.troubles)

    def _troubles(self, troubles: Iterable[DocumentOutcome]) -> None:
        for one in troubles:
            what = " ".join(part for part in (one.period, one.title) if part)
            self.say(f"  {one.state}: [{one.source_id}] {what} {one.url}: {one.detail}")
            if one.state == "held" and one.document_id:
                short = one.document_id[:16]
                self.say(f"    decide: jibao review accept {short} | jibao review reject {short}")
