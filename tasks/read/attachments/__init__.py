"""Attached files to pages, each read in a process of its own."""

from __future__ import annotations

from tasks.read.attachments.sandbox import Sandbox, shared_sandbox
from tasks.read.limits import Limits
from tasks.read.page import Page


def read_attachment(
    body: bytes, fmt: str, name: str | None = None, limits: Limits | None = None, sandbox: Sandbox | None = None
) -> Page:
    """The file's text and blocks; `fmt` is what `sniff` said.

    The reader runs in a child process under `limits`; whatever happens there, the caller sees a Page or an
    UnreadableFile. Without `sandbox`, one shared by the process is used; its children are kept for the next file.
    """
    return (sandbox or shared_sandbox()).read(body, fmt, name, limits or Limits())
