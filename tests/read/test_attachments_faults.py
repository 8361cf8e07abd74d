"""Hostile and broken attachments through the real child process: faults 78 to 92 and 106, as a run meets them."""

from __future__ import annotations

import io
import socket
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
import pytest

from tasks.errors import JibaoError
from tasks.read import attachment_errors as errors
from tasks.read.attachments import read_attachment
from tasks.read.attachments.sandbox import Sandbox
from tasks.read.detect.sniff import sniff
from tasks.read.limits import Limits
from tests.read.attachment_files import (
    HEADS,
    ROWS,
    Para97,
    codes,
    compound,
    doc,
    docx_file,
    lines,
    member,
    repacked,
    row97,
    tables,
    xlsx,
)

FILLED = [HEADS, *ROWS]
SMALL = Limits(seconds=20, cpu_seconds=20, memory_bytes=512 << 20, unpacked_bytes=64 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(keep=1) as pool:
        yield pool


def refused(
    body: bytes, error: type[JibaoError], sandbox: Sandbox, name: str = "附件.xlsx", limits: Limits = SMALL
) -> str:
    """The reason, after which the same pool still reads a sound file."""
    with pytest.raises(error) as caught:
        read_attachment(body, sniff(body, name), name, limits, sandbox)
    assert tables(read_attachment(xlsx(FILLED), "xlsx", None, limits, sandbox)) == [FILLED]
    assert caught.value.where == name
    return caught.value.reason


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/media/image1.png", "xl/junk.bin"])
def test_78_a_zip_bomb_is_weighed_and_not_unpacked(sandbox: Sandbox, part: str) -> None:
    body = repacked(xlsx(FILLED), {part: b"<a>" + b" " * (80 << 20)})
    assert "unpacked" in refused(body, errors.OversizedFile, sandbox)


def test_78_a_ratio_beyond_reason_is_refused_below_the_size_limit(sandbox: Sandbox) -> None:
    body = repacked(docx_file(FILLED), {"word/media/x": b"\0" * (24 << 20)})
    assert "ratio" in refused(body, errors.OversizedFile, sandbox, "附件.docx")


def test_78_a_member_that_lies_about_its_size_is_refused(sandbox: Sandbox) -> None:
    body = bytearray(repacked(xlsx(FILLED), {"xl/worksheets/sheet1.xml": b"<a>" + b" " * (80 << 20)}))
    true_size = (3 + (80 << 20)).to_bytes(4, "little")
    assert true_size in body
    refused(bytes(body).replace(true_size, (9000).to_bytes(4, "little")), errors.UnreadableFile, sandbox)


def test_78_members_that_share_their_bytes_are_refused(sandbox: Sandbox) -> None:
    stream = io.BytesIO(xlsx(FILLED))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", "<a>" + "x" * 100_000 + "</a>")
        held = archive.getinfo("xl/big.xml")
        for index in range(2000):
            copy = zipfile.ZipInfo(f"xl/copy{index}.xml")
            copy.compress_type, copy.CRC, copy.header_offset = held.compress_type, held.CRC, held.header_offset
            copy.file_size, copy.compress_size = held.file_size, held.compress_size
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    refused(stream.getvalue(), errors.UnreadableFile, sandbox)


def test_79_sixty_thousand_members_are_refused(sandbox: Sandbox) -> None:
    stream = io.BytesIO(xlsx(FILLED))
    with zipfile.ZipFile(stream, "a") as archive:
        for index in range(60_000):
            archive.writestr(f"xl/m{index}", b"")
    assert "members" in refused(stream.getvalue(), errors.OversizedFile, sandbox)


def test_80_a_password_under_xlsx_is_encrypted(sandbox: Sandbox) -> None:
    refused(compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), errors.EncryptedFile, sandbox)


def test_81_files_under_a_wrong_name_are_read_by_what_they_are(sandbox: Sandbox) -> None:
    word = doc([Para97("题目"), *(p for row in FILLED for p in row97(row))])
    for body, name in ((word, "附件.docx"), (docx_file(FILLED), "附件.doc"), (xlsx(FILLED), "附件.xls")):
        page = read_attachment(body, sniff(body, name), name, SMALL, sandbox)
        assert tables(page) == [FILLED]
        assert "type_mismatch" in codes(page)


def test_81_html_saved_as_a_web_archive_is_read_as_html(sandbox: Sandbox) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in FILLED)
    html = f"<html><body><table>{rows}</table></body></html>".encode("gb18030")
    body = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        b'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        + html
        + b"\r\n--b--\r\n"
    )
    page = read_attachment(body, sniff(body, "附件.doc"), "附件.doc", SMALL, sandbox)
    assert tables(page) == [FILLED]


def test_82_formulas_without_values_are_refused(sandbox: Sandbox) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "完成进度"])
    sheet.append([1, "=0.5*0.9"])
    stream = io.BytesIO()
    book.save(stream)
    assert "B2" in refused(stream.getvalue(), errors.FormulaWithoutValue, sandbox)


LAUGHS = '<!DOCTYPE z [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
ATTACKS = {
    "laughs": LAUGHS + "]>",
    "file": '<!DOCTYPE z [<!ENTITY i SYSTEM "file:///etc/hostname">]>',
    "network": '<!DOCTYPE z [<!ENTITY i SYSTEM "http://127.0.0.1:1/x">]>',
    "external": '<!DOCTYPE z SYSTEM "http://127.0.0.1:1/x.dtd">',
    "parameter": '<!DOCTYPE z [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
    "harmless": "<!DOCTYPE z>",
}


PARSED = ("word/document.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
# UTF-7 matters only in the parts that are parsed; elsewhere its bytes are never looked at.
HIDDEN_IN = [
    (part, encoding)
    for part in (*PARSED, "docProps/app.xml")
    for encoding in ("utf-8", "utf-16", "utf-7")
    if part in PARSED or encoding != "utf-7"
]


@pytest.mark.parametrize(("part", "encoding"), HIDDEN_IN)
@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_83_any_document_type_is_refused(sandbox: Sandbox, part: str, attack: str, encoding: str) -> None:
    sound = docx_file(FILLED) if part.startswith("word") else xlsx(FILLED)
    xml = member(sound, part).decode()
    xml = xml[xml.index("?>") + 2 :].replace("序号", "序号&i;" if "ENTITY i " in ATTACKS[attack] else "序号")
    hostile = f'<?xml version="1.0" encoding="{encoding}"?>{ATTACKS[attack]}{xml}'
    if encoding == "utf-7":
        # libxml2 reads UTF-7: the declaration hides from a search for its bytes.
        packed = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + (ATTACKS[attack] + xml).encode(
            "utf-7"
        ).replace(b"<!", b"+ADwAIQ-")
    else:
        packed = hostile.encode(encoding)
    refused(
        repacked(sound, {part: packed}), errors.UnreadableFile if encoding == "utf-7" else errors.UnsafeFile, sandbox
    )


def test_84_external_templates_and_pictures_are_not_fetched(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/evil.dotm"
        related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        rels = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{related}" Target="{url}" TargetMode="External"/></Relationships>'
        )
        body = repacked(docx_file(FILLED), {"word/_rels/settings.xml.rels": rels.encode()})
        page = read_attachment(body, sniff(body), None, SMALL, sandbox)
        with pytest.raises(TimeoutError):
            server.accept()
    assert tables(page) == [FILLED]
    assert "external_link" in codes(page)


def test_85_macros_are_read_over_with_a_warning(sandbox: Sandbox) -> None:
    body = repacked(xlsx(FILLED), {"xl/vbaProject.bin": b"\0"})
    page = read_attachment(body, sniff(body), "附件.xlsx", SMALL, sandbox)
    assert tables(page) == [FILLED]
    assert "macros" in codes(page)


def test_86_member_names_are_never_paths(sandbox: Sandbox, tmp_path: object) -> None:
    names = ["../../../../tmp/jibao-evil.xml", "/etc/jibao-evil", "C:\\evil", "a\x00b"]
    body = repacked(xlsx(FILLED), dict.fromkeys(names, b"<a/>"))
    assert tables(read_attachment(body, sniff(body), "../../附件.xlsx", SMALL, sandbox)) == [FILLED]


def test_87_any_name_is_only_text(sandbox: Sandbox) -> None:
    for name in ("长" * 400 + ".xlsx", "CON.xlsx", "\udcd6\udcd0.xlsx", "", "a/b\n.xlsx"):
        assert tables(read_attachment(xlsx(FILLED), "xlsx", name, SMALL, sandbox)) == [FILLED]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["附件.xlsx", "附件.docx", "附件.doc"])
def test_88_cut_files_are_refused(sandbox: Sandbox, name: str, share: float) -> None:
    big = [HEADS, *ROWS * 60]
    sound = {
        "附件.xlsx": xlsx([[f"{cell}{r}" for cell in row] for r, row in enumerate(big)]),
        "附件.docx": docx_file(FILLED),
        "附件.doc": doc([p for row in big for p in row97(row)]),
    }[name]
    refused(sound[: int(len(sound) * share)], errors.UnreadableFile, sandbox, name)


@pytest.mark.parametrize("body", [b"", b"\0" * 64])
def test_92_nothing_is_refused(sandbox: Sandbox, body: bytes) -> None:
    refused(body, errors.EmptyFile, sandbox)


def test_106_out_of_memory_ends_the_child_and_not_the_run(sandbox: Sandbox) -> None:
    paragraph = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    xml = member(docx_file(FILLED), "word/document.xml").replace(b"<w:body>", b"<w:body>" + paragraph * 700_000)
    body = repacked(docx_file(FILLED), {"word/document.xml": xml})
    roomy = Limits(ratio=5000, memory_bytes=300 << 20)
    refused(body, errors.ReaderOutOfMemory, sandbox, "附件.docx", roomy)


def test_106_out_of_time_ends_the_child_and_not_the_run(sandbox: Sandbox) -> None:
    body = xlsx([["一"] * 10] * 15_000)
    # Starting a child is not counted: the next one is warm.
    read_attachment(xlsx(FILLED), "xlsx", None, SMALL, sandbox)
    with pytest.raises(errors.ReaderTimeout):
        read_attachment(body, "xlsx", None, Limits(seconds=0.3), sandbox)
    assert tables(read_attachment(xlsx(FILLED), "xlsx", None, SMALL, sandbox)) == [FILLED]


def test_106_more_text_than_the_limit_is_refused(sandbox: Sandbox) -> None:
    refused(xlsx([["字" * 30_000] * 20] * 20), errors.OversizedFile, sandbox, limits=Limits(output_bytes=1 << 20))


def test_deeply_nested_xml_is_refused(sandbox: Sandbox) -> None:
    xml = b"<w:document><w:body>" + b"<w:sdt><w:sdtContent>" * 50_000
    refused(repacked(docx_file(FILLED), {"word/document.xml": xml}), errors.UnreadableFile, sandbox, "附件.docx")


def test_a_pdf_stream_packed_twice_is_bounded(sandbox: Sandbox) -> None:
    inner = zlib.compress(b" " * (200 << 20), 9)
    packed = zlib.compress(inner, 9)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    body = b"%PDF-1.7\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    at = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % at
    refused(body, errors.UnreadableFile, sandbox, "附件.pdf")


def test_lines_come_through_the_pipe_as_they_are(sandbox: Sandbox) -> None:
    page = read_attachment(docx_file(FILLED, "𠮷镕喆——①"), "docx", None, SMALL, sandbox)
    assert lines(page) == ["𠮷镕喆——①"]
