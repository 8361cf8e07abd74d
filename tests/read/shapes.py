"""One composed disclosure in every shape that portals and extractors give it. For tests only."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

from tests.read.disclosures import Disclosure

Spot = tuple[str, int, int]  # text, rows spanned, columns spanned


def _headings(doc: Disclosure) -> list[list[Spot | None]]:
    """Heading rows: None where a cell from the left or from above covers the slot."""
    if doc.levels == 1:
        return [[(heading, 1, 1) for heading, _ in doc.columns]]
    upper: list[Spot | None] = []
    lower: list[Spot | None] = []
    tops = [heading.split("/")[0] for heading, _ in doc.columns]
    for i, (heading, _) in enumerate(doc.columns):
        if "/" not in heading:
            upper.append((heading, 2, 1))
            lower.append(None)
            continue
        first = not i or tops[i - 1] != tops[i]
        upper.append((tops[i], 1, tops.count(tops[i])) if first else None)
        lower.append((heading.split("/")[1], 1, 1))
    return [upper, lower]


def _body(doc: Disclosure) -> list[list[Spot | None]]:
    made: list[list[Spot | None]] = []
    for i, row in enumerate(doc.rows):
        if i in doc.sections:
            made.append([(doc.sections[i], 1, len(doc.columns)), *[None] * (len(doc.columns) - 1)])
        line: list[Spot | None] = []
        for _, name in doc.columns:
            if name not in doc.merged:
                line.append((row[name], 1, 1))
            elif i and doc.rows[i - 1][name] == row[name]:
                line.append(None)
            else:
                stop = next((j for j in range(i, len(doc.rows)) if doc.rows[j][name] != row[name]), len(doc.rows))
                line.append((row[name], stop - i, 1))
        made.append(line)
    return made


def _grid(doc: Disclosure) -> list[list[Spot | None]]:
    return [*_headings(doc), *_body(doc)]


def as_html(doc: Disclosure) -> bytes:
    """Cells merged by rowspan and colspan, line feeds as <br>."""

    def cell(spot: Spot) -> str:
        text, high, wide = spot
        spans = (f' rowspan="{high}"' if high > 1 else "") + (f' colspan="{wide}"' if wide > 1 else "")
        return f"<td{spans}>{html.escape(text)}</td>".replace("\n", "<br>")

    table = "".join("<tr>" + "".join(cell(spot) for spot in line if spot) + "</tr>" for line in _grid(doc))
    head = f"<title>{doc.title}</title>"
    return f"<html><head>{head}</head><body><h1>{doc.title}</h1><table>{table}</table></body></html>".encode()


def as_word_html(doc: Disclosure) -> bytes:
    """Pasted from Word: paragraphs in cells, GB18030 under a declaration of gb2312, the heading after a page break."""

    def cell(spot: Spot) -> str:
        text, high, wide = spot
        parts = "".join(
            f'<p class="MsoNormal" align="center"><span style="font-size:12pt">{html.escape(part)}</span></p>\n'
            for part in text.split("\n")
        )
        return f'<td width="80" rowspan="{high}" colspan="{wide}" valign="center">{parts}</td>'

    lines = ["<tr>" + "".join(cell(spot) for spot in line if spot) + "</tr>" for line in _grid(doc)]
    whole = [i for i in range(doc.levels + 1, len(lines)) if all(_grid(doc)[i])]
    if whole:
        lines[whole[-1] : whole[-1]] = lines[: doc.levels]
    title = f"<p><b><span>{doc.title}</span></b></p>"
    head = f"<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><title>{doc.title}</title>"
    body = f"<body><div class=Section1>{title}<table class=MsoTableGrid>{''.join(lines)}</table></div></body></html>"
    return f"{head}</head>{body}".encode("gb18030")


def _pipes(doc: Disclosure, *, blanks: bool) -> str:
    lines = []
    for line in _grid(doc):
        kept = [spot[0].replace("\n", " ") for spot in line if spot is not None and (spot[0] or blanks)]
        wide = any(spot and spot[2] == len(doc.columns) for spot in line)
        pad = 0 if wide else len(doc.columns) - len(kept)
        lines.append(" | ".join([*kept, *[""] * pad]) + " |")
    return "\n".join(lines) + "\n"


def as_pipes(doc: Disclosure) -> bytes:
    """`a | b |` lines, merged and empty cells lost; printed twice."""
    table = _pipes(doc, blanks=False)
    return f"{doc.title}\n{table}索引号\n00250031-6/2024-41207\n公开方式\n主动公开\n{table}".encode()


def as_pipes_with_blanks(doc: Disclosure) -> bytes:
    """The same once, only merged cells lost."""
    return f"{doc.title}\n{_pipes(doc, blanks=True)}".encode()


def _parts(doc: Disclosure) -> list[str]:
    return [part for line in _grid(doc) for spot in line if spot and spot[0] for part in spot[0].split("\n")]


def as_paragraphs(doc: Disclosure) -> bytes:
    """A cell a paragraph; merged and empty cells lost."""
    return "\n\n".join([doc.title, *_parts(doc)]).encode()


def as_unnumbered(doc: Disclosure) -> bytes:
    """The same where the numbers were made by the word processor and are lost."""
    numbers = {row["seq"] for row in doc.rows} if any(name == "seq" for _, name in doc.columns) else set()
    kept = [part for part in _parts(doc) if part not in numbers]
    return "\n\n".join([doc.title, *kept]).encode()


def as_lines(doc: Disclosure) -> bytes:
    """A cell a line."""
    return "\n".join([doc.title, *_parts(doc)]).encode()


def as_cells_per_line(doc: Disclosure) -> bytes:
    """`cell |` lines, blank cells as lone dividers."""
    lines = []
    for line in _grid(doc):
        made = "".join(f"{spot[0]} |\n" if spot[0] else "|" for spot in line if spot is not None)
        lines.append((made + "|" * sum(spot is None for spot in line)).rstrip("\n"))
    return f"{doc.title}\n{chr(10).join(lines)}\n".encode()


def as_cut_headings(doc: Disclosure) -> bytes:
    """Paragraphs where narrow columns have cut headings of four characters in two."""
    headings = [spot[0] for line in _headings(doc) for spot in line if spot]
    cut = [part for h in headings for part in ([h[:2], h[2:]] if len(h) == 4 else [h])]
    return "\n\n".join([doc.title, *cut, *_parts(doc)[len(headings) :]]).encode()


def as_blanks(doc: Disclosure) -> bytes:
    """A row a line, cells divided by nothing but a blank; nothing merged, a section's name on a line of its own."""
    lines = [" ".join(spot[0] for spot in line if spot) for line in _headings(doc)]
    for i, row in enumerate(doc.rows):
        lines += [doc.sections[i]] if i in doc.sections else []
        lines.append(" ".join(row[name].replace("\n", " ") for _, name in doc.columns))
    return "\n".join([doc.title, *lines]).encode()


def as_tabs(doc: Disclosure) -> bytes:
    """Copied out of a spreadsheet: tabs between cells, merged ones blank."""
    lines = ["\t".join(spot[0].replace("\n", " ") if spot else "" for spot in line) for line in _grid(doc)]
    return "\r\n".join([doc.title, *lines]).encode("utf-16")


def as_markdown(doc: Disclosure) -> bytes:
    """A pipe table with its rule; merged cells are blank."""
    grid = [["" if spot is None else spot[0].replace("\n", "<br>") for spot in line] for line in _grid(doc)]
    lines = ["| " + " | ".join(line) + " |" for line in grid]
    lines.insert(1, "|" + " --- |" * len(doc.columns))
    return "\n".join([f"# {doc.title}", "", *lines]).encode()


def as_xlsx(doc: Disclosure) -> bytes:
    """A workbook with a merged title; percentages are formatted numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([doc.title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(doc.columns))
    for i, line in enumerate(_grid(doc), 2):
        for j, spot in enumerate(line, 1):
            if spot is None or not spot[0]:
                continue
            text, high, wide = spot
            cell = sheet.cell(i, j)
            if doc.columns[j - 1][1] == "progress" and re.fullmatch(r"[\d.]+%", text):
                cell.value = float(text[:-1]) / 100
                cell.number_format = "0.0%" if "." in text else "0%"
            elif re.fullmatch(r"\d+", text):
                cell.value = int(text)
            elif re.fullmatch(r"\d+\.\d+", text):
                cell.value = float(text)
            else:
                cell.value = text
            if high > 1 or wide > 1:
                sheet.merge_cells(start_row=i, start_column=j, end_row=i + high - 1, end_column=j + wide - 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_docx(doc: Disclosure) -> bytes:
    """A Word file with merged cells."""
    import docx

    document = docx.Document()
    document.add_paragraph(doc.title)
    grid = _grid(doc)
    table = document.add_table(rows=len(grid), cols=len(doc.columns))
    slots = [row.cells for row in table.rows]
    for i, line in enumerate(grid):
        for j, spot in enumerate(line):
            if spot is not None:
                text, high, wide = spot
                cell = slots[i][j]
                (cell.merge(slots[i + high - 1][j + wide - 1]) if high * wide > 1 else cell).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


WHOLE = ("page.html", "word.html", "table.xlsx", "table.docx", "table.md.txt", "tabs.txt")  # every cell is printed
SHAPES: dict[str, Callable[[Disclosure], bytes]] = {
    "page.html": as_html,
    "word.html": as_word_html,
    "table.xlsx": as_xlsx,
    "table.docx": as_docx,
    "pipes.txt": as_pipes,
    "blanks-kept.txt": as_pipes_with_blanks,
    "cells.txt": as_cells_per_line,
    "paragraphs.txt": as_paragraphs,
    "unnumbered.txt": as_unnumbered,
    "lines.txt": as_lines,
    "cut.txt": as_cut_headings,
    "blanks.txt": as_blanks,
    "tabs.txt": as_tabs,
    "table.md.txt": as_markdown,
}
