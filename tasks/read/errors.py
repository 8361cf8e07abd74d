"""What can be wrong with a document as a whole. One class per failure; docs/runbook/read.md has an entry for each."""

from __future__ import annotations

from tasks.errors import JibaoError


class ReadError(JibaoError):
    """A document that could not be read completely. Nothing of it is used; the capture stays."""

    remedy = "Open the capture and compare it with the reason; `jibao parse` repeats the reading."


class NoContent(ReadError):
    """Neither a table of tasks nor prose nor a link to a file: an empty shell, an image, a page built by script."""

    remedy = (
        "Open the page in a browser: if it shows a scan, there is no text to read; if it shows text, it was blocked"
    )


class TableCutOff(ReadError):
    """The table ends in the middle: the page arrived short, or was published so."""

    remedy = "Fetch the page again; if it is cut on the portal too, report it there and load the corrected page later"


class CellsDoNotFit(ReadError):
    """A row has more or fewer cells than the heading has columns, so its cells could stand in the wrong columns."""

    remedy = "Open the page and look at the merged cells of the row named; a copy with repaired cells can be loaded"


class TableTooLarge(ReadError):
    """A table beyond the caps on columns, rows or slots: an attack or an export of something else."""

    remedy = "If the table is real, raise the caps in tasks/read/web/grid.py; else exclude the document from the source"


class ColumnsNotUnderstood(ReadError):
    """A table of tasks whose required columns (content; status or progress) cannot be told from its headings."""

    remedy = "Add the headings named to `columns` of the source in sources.yaml, each with the column it means"


class RowsNotUnderstood(ReadError):
    """Flattened or piped text whose cells cannot be put back into columns with certainty."""

    remedy = "Load the original page or its attachment instead of the extracted text"
