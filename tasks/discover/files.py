"""`files`: a folder of saved pages, text dumps and attachments. The listing is the folder, a document is a file."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tasks.config.options import FilesOptions
from tasks.discover.errors import ListingEmpty, ListingEndless, PathUnusable
from tasks.discover.keeping import keep
from tasks.discover.listing import title_of
from tasks.discover.markup import clean_title, decode
from tasks.discover.ports import Asking, Listing
from tasks.model import DocumentRef, FetchResult, Outcome

_READABLE = {
    ".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml", ".txt", ".md", ".doc", ".docx", ".wps", ".xls", ".xlsx",
    ".xlsb", ".ods", ".et", ".csv", ".pdf", ".ofd", ".rtf",
}  # fmt: skip
_PAGES = (".html", ".htm", ".shtml", ".xhtml")
_TEXTS = (".txt", ".md")
_HEAD = 64 * 1024
_TITLE_LENGTH = (6, 120)
_LABELLED = re.compile(r"^\|?\s*(?:附件|名称|标题|信息名称)\s*[|:：]?\s*(?P<title>[^|\n]{6,120})\s*\|?\s*$", re.M)
_FURNITURE = re.compile(r"导航|首页|索引号|公开方式|公开范围|发布机构|发布单位|发布日期|备注|[-|]{3}|^\s*\|")
# A numbered heading of the body, a table row, a sentence.
_NO_TITLE = re.compile(r"^[(（]?[一二三四五六七八九十\d]+[)）、.．]|\||[。；;，,：:]$")
_REPORT = re.compile(r"(?:情况|报告|总结|计划|方案|要点|公报|通报|清单|任务|进展|表)")


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The folder's readable files, by name. Raises PathUnusable, ListingEmpty, ListingEndless."""
    folder = asking.source.path
    paths = list(_files(asking, folder))
    others = [path for path in paths if path.suffix.lower() not in _suffixes(asking)]
    mine = [path for path in paths if path.suffix.lower() in _suffixes(asking)]
    if others:
        names = ", ".join(path.name for path in others[:3])
        asking.warn("file_not_readable", f"{len(others)} files of other types left out: {names}")
    if not mine and previously:
        raise ListingEmpty(
            f"no readable file in the folder, was {previously}", source=asking.source.id, where=str(folder)
        )
    if not mine:
        asking.warn("listing_empty", f"{folder} holds no readable file")
    documents, unmatched = [], 0
    for path in mine:
        own = own_title(path)
        title = own or clean_title(path.stem.replace("_", " "))
        untold = own is None and path.suffix.lower() in (*_PAGES, *_TEXTS)
        if untold and not asking.source.wants(path.stem):
            asking.warn("file_without_title", f"{path.name} does not say its title and is taken as it is")
        if untold or asking.source.wants(title) or asking.source.wants(path.stem):
            url = path.resolve().as_uri()
            documents.append(DocumentRef(asking.source.stored_as, url, title, _key(folder, path)))
        else:
            unmatched += 1
    if mine and not documents:
        asking.warn("nothing_matched", f"none of {len(mine)} files is matched by {asking.source.match!r}")
    return Listing(
        tuple(documents), len(paths), len(paths), tuple(asking.warnings), (), unmatched=unmatched, skipped=len(others)
    )


def fetch_document(asking: Asking, ref: DocumentRef, *, purpose: str = "document", title: str = "") -> FetchResult:
    """Read one file of the folder and keep it. Known content comes back as UNCHANGED, a missing file as GONE."""
    now = datetime.now(UTC)
    if not ref.url.startswith("file:"):
        return FetchResult(ref.url, Outcome.FAILED, now, detail="NotAFile: the link leads out of the folder")
    path = Path(url2pathname(urlsplit(ref.url).path))
    limit, folder = asking.source.max_bytes, asking.source.path.resolve()
    if path.resolve() != folder and not path.resolve().is_relative_to(folder if folder.is_dir() else folder.parent):
        return FetchResult(ref.url, Outcome.FAILED, now, detail="NotInFolder: the path leads out of the folder")
    try:
        size = path.stat().st_size
        if size > limit:
            detail = f"FileTooLarge: {size} bytes, max_bytes is {limit}"
            return FetchResult(ref.url, Outcome.FAILED, now, detail=detail)
        body = path.read_bytes()
    except FileNotFoundError:
        return FetchResult(ref.url, Outcome.GONE, now, detail="FileMissing: the file is not there any more")
    except OSError as error:
        return FetchResult(ref.url, Outcome.FAILED, now, detail=f"FileUnreadable: {error.strerror or error}")
    if not body.strip():
        return FetchResult(ref.url, Outcome.FAILED, now, detail="FileEmpty: the file is empty")
    kind = mimetypes.guess_type(path.name)[0]
    headers = (("Content-Type", kind),) if kind else ()
    return keep(
        asking, ref, body, headers=headers, captured_at=now, via="files", title=title or path.name, purpose=purpose
    )


def own_title(path: Path) -> str | None:
    """What a page says its title is, or a title line of a text; None where a file does not tell."""
    suffix = path.suffix.lower()
    if suffix in (*_PAGES, *_TEXTS):
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD)
        except OSError:
            return None
        return title_of(head) if suffix in _PAGES else _text_title(_decoded(head))
    return None


def _decoded(head: bytes) -> str:
    # The cut may have fallen into a character.
    for end in range(len(head), max(len(head) - 4, 0), -1):
        text, whole = decode(head[:end])
        if whole:
            return text
    return decode(head)[0]


def _text_title(text: str) -> str | None:
    """The title in a text dump: a labelled one, else the first line that stands alone and names a report."""
    lines = [clean_title(line) for line in text.splitlines()[:60]]
    found = _LABELLED.search("\n".join(lines))
    if found is not None and _REPORT.search(found["title"]):
        return found["title"].strip(" |")
    for line in lines:
        short = _TITLE_LENGTH[0] <= len(line) <= _TITLE_LENGTH[1]
        if short and _REPORT.search(line) and not _FURNITURE.search(line) and not _NO_TITLE.search(line):
            return line
    return None


def _files(asking: Asking, folder: Path) -> Iterator[Path]:
    """Regular files, sorted, links that lead out of the folder left out."""
    if not folder.exists():
        raise PathUnusable("the folder does not exist", source=asking.source.id, where=str(folder))
    if folder.is_file():
        yield folder
        return
    root = folder.resolve()
    recursive, count = _options(asking).recursive, 0

    def failed(error: OSError) -> None:
        raise PathUnusable(
            f"cannot be read: {error.strerror or error}", source=asking.source.id, where=str(error.filename or folder)
        )

    for place, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if recursive else []
        for name in sorted(names):
            path = Path(place) / name
            if name.startswith((".", "~$")) or not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                asking.warn("file_outside", f"{path} leads out of the folder and is left out")
                continue
            count += 1
            if count > asking.source.max_entries:
                raise ListingEndless(
                    f"more than max_entries {asking.source.max_entries} files",
                    source=asking.source.id,
                    where=str(folder),
                )
            yield path


def _key(folder: Path, path: Path) -> str:
    base = folder if folder.is_dir() else folder.parent
    return path.relative_to(base).as_posix()


def _suffixes(asking: Asking) -> set[str]:
    given = _options(asking).suffixes
    return {f".{one.lower().lstrip('.')}" for one in given} if given else _READABLE


def _options(asking: Asking) -> FilesOptions:
    options = asking.source.options
    return options if isinstance(options, FilesOptions) else FilesOptions()
