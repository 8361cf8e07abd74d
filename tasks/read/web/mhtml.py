"""Web archives (mhtml), which Word and Excel save as `.doc` and `.xls`: the HTML inside."""

from __future__ import annotations

import email
from dataclasses import replace
from email.message import Message

from tasks.read.attachment_errors import CorruptFile
from tasks.read.detect.decode import decode
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.web.html import read_html


def unwrap_mhtml(body: bytes) -> tuple[bytes, str]:
    """The first HTML part's bytes and its Content-Type, for `decode` and the HTML reader. Raises CorruptFile."""
    message = email.message_from_bytes(body.lstrip(b"\r\n \t"))
    frames: list[Message] = []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                if b"<frameset" in payload.lower():
                    frames.append(part)
                    continue
                return payload, str(part.get("Content-Type", "text/html"))
    if frames:
        payload = frames[0].get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b"", str(frames[0].get("Content-Type", "text/html"))
    raise CorruptFile("the web archive holds no HTML")


def read(body: bytes, fmt: str, name: str | None, limits: Limits) -> Page:  # noqa: ARG001 - the readers' common shape
    """One web archive, its HTML read as any page. Raises an UnreadableFile or what the HTML reader raises."""
    inside, content_type = unwrap_mhtml(body)
    decoded = decode(inside, content_type)
    page = read_html(decoded.text, encoding=decoded.encoding)
    return replace(page, warnings=(*decoded.warnings, *page.warnings)) if decoded.warnings else page
