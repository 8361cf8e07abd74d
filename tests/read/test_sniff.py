"""What bytes are, whatever they are called: faults 27, 76, 80, 81, 88, 92."""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile

import odf.opendocument
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.read import attachment_errors as errors
from tasks.read.detect.sniff import ATTACHMENT_FORMATS, sniff
from tests.read.attachment_files import HEADS, ROWS, Para97, compound, doc, docx_file, member, repacked, xlsx


def xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "序号")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def opendocument(kind: str) -> bytes:
    made = odf.opendocument.OpenDocumentSpreadsheet() if kind == "ods" else odf.opendocument.OpenDocumentText()
    stream = io.BytesIO()
    made.write(stream)
    return stream.getvalue()


def zipped(names: list[str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


HTML = "<html><body><table><tr><td>序号</td><td>进度</td></tr></table></body></html>"
SOUND = {
    "xlsx": xlsx([HEADS, *ROWS]),
    "xlsm": repacked(xlsx([HEADS]), {"xl/vbaProject.bin": b"\0"}),
    "xlsb": zipped(["xl/workbook.bin"]),
    "xls": xls(),
    "ods": opendocument("ods"),
    "odt": opendocument("odt"),
    "docx": docx_file([HEADS, *ROWS]),
    "doc": doc([Para97("正文")]),
    "rtf": rb"{\rtf1\ansi text}",
    "pdf": b"%PDF-1.7\n%%EOF",
    "html": HTML.encode("gb18030"),
    "text": "序号 | 项目 | 进度 |\n1 | 投资<8%,增速>5% | 75% |".encode(),
    "xml-workbook": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "xml-word": b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
    "mhtml": b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n\r\n<html>--b--',
}


@pytest.mark.parametrize("name", [None, "附件.xls", "附件.docx", "附件.pdf", "附件"])
@pytest.mark.parametrize("fmt", sorted(SOUND))
def test_structure_decides_and_the_name_does_not(fmt: str, name: str | None) -> None:
    assert sniff(SOUND[fmt], name, "application/octet-stream") == fmt


def test_every_answer_has_a_reader_or_is_a_page() -> None:
    assert set(SOUND) == ATTACHMENT_FORMATS | {"html", "text"}


@pytest.mark.parametrize(
    "html",
    [
        HTML.encode("utf-16"),
        HTML.encode("utf-16-le"),
        b"\xef\xbb\xbf\r\n\r\n" + HTML.encode(),
        b"<!-- saved from url -->" + HTML.encode(),
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1</td></tr></table></html>',
        "正文<p>一</p><p>二</p><br/>".encode(),
        b"<DIV ID=zoom><TABLE>",
    ],
)
def test_html_in_its_disguises(html: bytes) -> None:
    assert sniff(html, "三季度.xls", "application/vnd.ms-excel") == "html"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", errors.EmptyFile),
        (b"\r\n \r\n", errors.EmptyFile),
        (b"\x89PNG\r\n\x1a\n", errors.ImageFile),
        (b"\xff\xd8\xff\xe0JFIF", errors.ImageFile),
        (b"GIF89a", errors.ImageFile),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28", errors.ImageFile),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", errors.ImageFile),
        (b"Rar!\x1a\x07\x00", errors.ArchiveFile),
        (b"7z\xbc\xaf\x27\x1c", errors.ArchiveFile),
        (gzip.compress(b"x", mtime=0), errors.ArchiveFile),
        (zipped(["一.docx", "二.docx"]), errors.ArchiveFile),
        (zipped(["OFD.xml", "Doc_0/Document.xml"]), errors.UnsupportedFormat),
        (zipped(["ppt/presentation.xml"]), errors.UnsupportedFormat),
        (compound({"PowerPoint Document": b"x"}), errors.UnsupportedFormat),
        (compound({"Something": b"x"}), errors.UnsupportedFormat),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), errors.EncryptedFile),
        (SOUND["xlsx"][:-400], errors.CorruptFile),
        (SOUND["doc"][:700], errors.CorruptFile),
        (b"%!PS-Adobe-3.0", errors.UnsupportedFormat),
        (b'{"articles": [], "total": 0}', errors.UnsupportedFormat),
        (b'<?xml version="1.0"?><rss><channel/></rss>', errors.UnsupportedFormat),
        (b"\x00\x01\x02\x03" * 40, errors.UnknownFormat),
        (bytes(range(1, 32)) * 20, errors.UnknownFormat),
    ],
)
def test_what_is_not_read_is_named(body: bytes, error: type[JibaoError]) -> None:
    with pytest.raises(error):
        sniff(body, "附件1.xlsx")


def test_an_encrypted_member_is_an_encrypted_file() -> None:
    packed = bytearray(SOUND["xlsx"])
    at = packed.find(b"PK\x01\x02")
    while at >= 0:
        packed[at + 8] |= 1
        at = packed.find(b"PK\x01\x02", at + 4)
    with pytest.raises((errors.EncryptedFile, errors.CorruptFile)):
        sniff(bytes(packed))


def test_a_workbook_whose_types_are_lost_is_known_by_its_parts() -> None:
    assert sniff(repacked(SOUND["docx"], {"[Content_Types].xml": None})) == "docx"
    assert member(SOUND["xlsx"], "xl/workbook.xml")


@given(st.binary(max_size=400))
def test_any_bytes_are_something_or_a_named_error(body: bytes) -> None:
    with contextlib.suppress(JibaoError):
        assert sniff(body) in ATTACHMENT_FORMATS | {"html", "text"}


@given(st.sampled_from(sorted(SOUND)), st.integers(1, 3000))
def test_a_cut_file_is_something_or_a_named_error(fmt: str, size: int) -> None:
    with contextlib.suppress(JibaoError):
        assert sniff(SOUND[fmt][:size]) in ATTACHMENT_FORMATS | {"html", "text"}
