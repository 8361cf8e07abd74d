"""Workbooks to pages: every visible sheet, cells as shown, merged cells filled.

Own readers for each format, because what is shown (number formats, hidden sheets, merged ranges, formulas that were
never computed) is what libraries for values leave out: see docs/decisions/020.
"""

from __future__ import annotations

from tasks.read.attachment_errors import EmptyFile
from tasks.read.attachments.officexml import read_xml_workbook
from tasks.read.attachments.package import Package
from tasks.read.attachments.remarks import note_name, note_package
from tasks.read.attachments.workbooks.biff import read_xls
from tasks.read.attachments.workbooks.ods import read_ods
from tasks.read.attachments.workbooks.xlsb import read_xlsb
from tasks.read.attachments.workbooks.xlsx import read_xlsx
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.pagebuild import PageBuilder

_PACKAGED = {"xlsx": read_xlsx, "xlsm": read_xlsx, "xlsb": read_xlsb, "ods": read_ods}


def read(body: bytes, fmt: str, name: str | None, limits: Limits) -> Page:
    """One workbook. `fmt`: xlsx | xlsm | xls | xlsb | ods | xml-workbook. Raises an UnreadableFile."""
    builder = PageBuilder(limits)
    if fmt == "xls":
        read_xls(body, builder, limits)
    elif fmt == "xml-workbook":
        read_xml_workbook(body, builder, limits)
    else:
        with Package(body, limits) as package:
            note_package(package, builder)
            _PACKAGED[fmt](package, builder, limits)
    if not builder.blocks:
        raise EmptyFile("no visible sheet of the workbook holds anything")
    note_name(name, fmt, builder)
    return builder.page("workbook")
