"""What every attachment's reader has to say about the file itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.read.attachments.package import Package
from tasks.read.pagebuild import PageBuilder


def note_package(package: Package, builder: PageBuilder) -> None:
    """Macros and links out of the package: never run, never fetched, always mentioned."""
    if any(member.casefold().endswith("vbaproject.bin") for member in package.names):
        builder.warn("macros", "the file carries macros; they were not run")
    for target in package.external()[:5]:
        builder.warn("external_link", f"the file refers to {target[:200]}; it was not fetched")


_ENDINGS = {
    "xlsx": ("xlsx", "xltx"),
    "xlsm": ("xlsm", "xltm"),
    "xls": ("xls", "xlt", "et"),
    "doc": ("doc", "dot", "wps"),
    "docx": ("docx", "docm", "dotx"),
}


def note_name(name: str | None, fmt: str, builder: PageBuilder) -> None:
    """A file that is not what its ending says."""
    ending = name.rpartition(".")[2].lower() if name and "." in name else ""
    if ending.isalnum() and len(ending) <= 4 and ending not in _ENDINGS.get(fmt, (fmt, "xml")):
        builder.warn("type_mismatch", f"{name!r} is {fmt} by its content")


_DOCUMENT_NUMBER = re.compile(r"\s*[一-鿿]{2,14}\s*[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\])）】]\s*第?\s*\d{1,4}\s*号\s*")


_TITLED = re.compile(r"关于|\d年|季度|半年|\d月")  # what the name of a paper does not say


def opening_below_number(texts: Sequence[str]) -> int:
    """The first of a paper's opening lines that may be its title: behind the document's number where only the name of
    the paper stands above that, else the first."""
    at = next((at for at, text in enumerate(texts) if is_document_number(text)), 0)
    return 0 if any(_TITLED.search(text) for text in texts[:at]) else at


def is_document_number(text: str) -> bool:
    """Whether a line is the number of an official document and nothing else: 宁政督〔2019〕7号."""
    return _DOCUMENT_NUMBER.fullmatch(text) is not None
