"""What can be wrong with the bytes of a document before anyone asks what they say.

Every class names the real state of the file; the message carries the offending type, offset, size or member.
"""

from __future__ import annotations

from tasks.errors import JibaoError


class UnreadableFile(JibaoError):
    """The bytes cannot be turned into text and tables. The classes below say why."""

    remedy = "Open the kept capture by hand; if it is readable there, file an issue with its sha256."


class EmptyFile(UnreadableFile):
    """Nothing, or nothing but white space and NULs, came back."""

    remedy = "The portal served no content: fetch it again later; a link that stays empty is the portal's fault."


class UndecodableText(UnreadableFile):
    """The bytes are not text in any encoding that Chinese portals use, or too many places are damaged."""

    remedy = "Look at the capture in a hex viewer; fetch it again, since the transfer may have damaged it."


class UnknownFormat(UnreadableFile):
    """The bytes are of no known document type."""

    remedy = "Check what the link leads to; only documents, workbooks, PDF, HTML and text are read."


class UnsupportedFormat(UnreadableFile):
    """A known type for which there is no reader (wps spreadsheets of old, ofd, presentations, Word before 97 …)."""

    remedy = "Open the file and save it as docx, xlsx or PDF into the folder of a `files` source."


class ArchiveFile(UnreadableFile):
    """A zip, rar, 7z or similar archive stands where a document was expected."""

    remedy = "Unpack it by hand and put the documents into the folder of a `files` source."


class ImageFile(UnreadableFile):
    """A picture stands where a document was expected: a scan or a photograph of a table."""

    remedy = "There is no text to read; transcribe it, or ask the publisher for the text (依申请公开)."


class EncryptedFile(UnreadableFile):
    """The file asks for a password."""

    remedy = "Ask the publisher for an open copy; passwords are not guessed."


class CorruptFile(UnreadableFile):
    """The file is cut off, or its structure contradicts itself."""

    remedy = "Fetch it again; if it stays broken, the portal's own copy is damaged."


class UnsafeFile(UnreadableFile):
    """The file declares entities or a document type: nothing a government office's program writes."""

    remedy = "Treat the portal as compromised until the publisher confirms the file."


class OversizedFile(UnreadableFile):
    """The file, unpacked, exceeds a limit on bytes, members, ratio, cells or pages: a bomb, or a huge document."""

    remedy = "If the document is genuine, raise the limit named in the reason (tasks.read.limits.Limits)."


class FormulaWithoutValue(UnreadableFile):
    """Formula cells carry no computed value. Computing them is not ours; taking them for empty would be a lie."""

    remedy = "Open the workbook in a spreadsheet program, let it compute, save it, and read the copy."


class ScanWithoutText(UnreadableFile):
    """The pages of a PDF or Word file are pictures; there is no text."""

    remedy = "Recognise the text with an OCR program and read its output, or ask the publisher for the text."


class GarbledFonts(UnreadableFile):
    """A PDF's fonts do not say which characters their glyphs are."""

    remedy = "Print the file to images and recognise the text, or ask the publisher for the original."


class ReaderTimeout(UnreadableFile):
    """Reading took longer than the limit on wall or CPU time; the reading process was ended."""

    remedy = "If the document is genuine, raise `Limits.seconds`; otherwise treat it as hostile."


class ReaderOutOfMemory(UnreadableFile):
    """Reading needed more memory than the limit; the reading process was ended."""

    remedy = "If the document is genuine, raise `Limits.memory_bytes`; otherwise treat it as hostile."


class ReaderCrashed(UnreadableFile):
    """The reading process died or could not be started."""

    remedy = "Read the signal or status in the reason; file an issue with the capture's sha256."


class ReaderFault(UnreadableFile):
    """The reader itself failed in a way nobody foresaw."""

    remedy = "File an issue with the capture's sha256 and the reason: this is a bug of the reader."
