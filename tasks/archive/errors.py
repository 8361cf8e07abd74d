"""What can go wrong with the archive. See docs/runbook/archive.md."""

from __future__ import annotations

from tasks.errors import JibaoError, UsageError


class ArchiveError(JibaoError):
    """The root of this room's errors."""

    remedy = "Run `jibao archive verify` and read docs/runbook/archive.md."


class ArchiveMissing(ArchiveError, UsageError):
    """Something was to be read from an archive that is not there."""

    remedy = "Check --archive (JIBAO_ARCHIVE); is the disk or bucket that holds it mounted and named right?"
    exit_status = 2


class ArchiveVersion(ArchiveError, UsageError):
    """The archive was written by a newer version of this program."""

    remedy = "Use the version that wrote it, or a newer one. Nothing was written."
    exit_status = 2


class ArchiveWriteFailed(ArchiveError):
    """The disk or the object store did not take a capture: full, read-only, foreign owner, out of reach."""

    remedy = "Make room or give write access, then run the same command again: what was kept is whole."


class ArchiveUnreadable(ArchiveError):
    """A file of the archive exists and cannot be read."""

    remedy = "Give read access, or bring the disk or object store back."


class CaptureMissing(ArchiveError):
    """No body is kept under this sha256."""

    remedy = "Restore the file from a backup, or fetch the document again (`jibao ingest` does so by itself)."


class CaptureCorrupt(ArchiveError):
    """The kept bytes no longer have the sha256 under which they are kept."""

    remedy = "Restore the file from a backup; fetching the same bytes again replaces it."


class RecordDamaged(ArchiveError):
    """A line of a capture journal does not have its checksum."""

    remedy = "Restore the journal from a backup. The other captures are unharmed; the bodies are kept under bodies/."


class WarcInvalid(ArchiveError):
    """A file given as WARC is not one, or is cut off."""

    remedy = "Check the file with `warcio check`, or fetch it again. What was read before the fault is kept."


class EncodingRefused(ArchiveError):
    """A body comes in a content encoding that we did not ask for and do not read, or in too many layers."""

    remedy = "Only gzip and deflate are asked for. See whether a browser gets the page; report the host if it does."


class EncodingBroken(ArchiveError):
    """A packed body ends before its stream does, or is damaged. Part of a page is never taken for the page."""

    remedy = "It is fetched again by itself; if it stays so, the portal serves a cut copy: try the archive families."


class BodyTooLarge(ArchiveError):
    """A body is longer than the source's limit, on the wire or unpacked; or it unpacks like a bomb."""

    remedy = "If the document is really that large, raise the source's max_bytes."
