"""Word-processor files to pages: docx, and by and by every older shape of the same thing."""

from __future__ import annotations

from tasks.read.attachments.officexml import read_xml_word
from tasks.read.attachments.package import Package
from tasks.read.attachments.remarks import note_name, note_package
from tasks.read.attachments.wordfiles.docx import read_docx
from tasks.read.attachments.wordfiles.odt import read_odt
from tasks.read.attachments.wordfiles.rtf import read_rtf
from tasks.read.attachments.wordfiles.word97story import read_doc
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.pagebuild import PageBuilder


def read(body: bytes, fmt: str, name: str | None, limits: Limits) -> Page:
    """One file. `fmt`: docx | doc | rtf | odt | xml-word. Raises an UnreadableFile."""
    builder = PageBuilder(limits)
    if fmt == "doc":
        read_doc(body, builder)
    elif fmt == "rtf":
        read_rtf(body, builder)
    elif fmt == "xml-word":
        read_xml_word(body, builder)
    else:
        with Package(body, limits) as package:
            note_package(package, builder)
            if fmt == "odt":
                read_odt(package, builder, limits)
            else:
                read_docx(package, builder)
    note_name(name, fmt, builder)
    return builder.page("word")
