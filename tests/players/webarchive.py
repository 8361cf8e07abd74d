"""Players of the Wayback Machine (CDX server and replay) and of Common Crawl (index and ranged WARC files)."""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from datetime import datetime

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from demo.loopback import NOT_FOUND, Answer, Request


@dataclass(frozen=True)
class Snapshot:
    """One capture of an address: `stamp` is YYYYMMDDhhmmss."""

    url: str
    stamp: str
    body: bytes
    status: int = 200
    mime: str = "text/html"

    @property
    def digest(self) -> str:
        return hashlib.sha1(self.body, usedforsecurity=False).hexdigest().upper()[:32]


def under(url: str, query: dict[str, str]) -> bool:
    """Whether a capture answers a CDX query's url and matchType."""
    wanted = re.sub(r"^https?://", "", query["url"])
    plain = re.sub(r"^https?://", "", url)
    if wanted.endswith("*") or query.get("matchType") == "prefix":
        return plain.startswith(wanted.rstrip("*"))
    if query.get("matchType") in ("host", "domain"):
        return plain.split("/")[0].endswith(wanted.rstrip("/"))
    return plain == wanted


@dataclass
class WaybackPlayer:
    snapshots: list[Snapshot]
    rows: int = 1000  # rows an answer at most
    refuse_after: int | None = None  # 429 from this request on
    html_instead: bool = False
    empty_body: bool = False
    same_resume_key: bool = False
    nearest: str | None = None  # replay redirects to this timestamp
    asked: int = field(default=0)

    def __call__(self, request: Request) -> Answer:
        self.asked += 1
        if self.refuse_after is not None and self.asked > self.refuse_after:
            return Answer.text("Too Many Requests", status=429, content_type="text/plain")
        if request.path == "/cdx/search/cdx":
            return self.cdx(dict(request.query))
        found = re.match(r"/web/(\d{4,14})id_/(.*)", request.target)
        return self.replay(found[1], found[2]) if found else NOT_FOUND

    def cdx(self, query: dict[str, str]) -> Answer:
        if self.html_instead:
            return Answer.text("<html><body><h1>504 Gateway Time-out</h1></body></html>")
        names = query.get("fl", "timestamp,original,mimetype,statuscode,digest,length").split(",")
        chosen = [one for one in self.snapshots if under(one.url, query)]
        for rule in [query["filter"]] if "filter" in query else []:
            name, _, pattern = rule.partition(":")
            chosen = [one for one in chosen if re.fullmatch(pattern, self.values(one)[name])]
        chosen = [one for one in chosen if query.get("from", "0") <= one.stamp <= query.get("to", "9") + "9" * 14]
        chosen.sort(key=lambda one: (one.url, one.stamp))
        start = int(query.get("resumeKey", "0"))
        limit = min(int(query.get("limit", "100000")), self.rows)
        if not chosen:
            return Answer.text("" if self.empty_body else "[]", content_type="application/json")
        table: list[list[str]] = [names]
        table += [[self.values(one)[name] for name in names] for one in chosen[start : start + limit]]
        if "showResumeKey" in query and start + limit < len(chosen):
            table += [[], ["0" if self.same_resume_key else str(start + limit)]]
        return Answer.text(json.dumps(table), content_type="application/json")

    @staticmethod
    def values(one: Snapshot) -> dict[str, str]:
        return {
            "urlkey": one.url,
            "timestamp": one.stamp,
            "original": one.url,
            "mimetype": one.mime,
            "statuscode": str(one.status),
            "digest": one.digest,
            "length": str(len(one.body)),
        }

    def replay(self, stamp: str, url: str) -> Answer:
        if self.nearest is not None and stamp != self.nearest:
            return Answer(status=302, headers=(("Location", f"/web/{self.nearest}id_/{url}"),))
        same = [one for one in self.snapshots if one.url == url and one.stamp == stamp]
        if not same:
            return NOT_FOUND
        headers = (("x-archive-orig-last-modified", "Tue, 02 Mar 2021 02:00:00 GMT"), ("Memento-Datetime", "x"))
        return Answer(same[0].body, content_type=same[0].mime, headers=headers)


def warc_bytes(snapshots: list[Snapshot], *, truncated: str | None = None) -> tuple[bytes, list[tuple[int, int]]]:
    """A gzipped WARC file of the snapshots, and each record's (offset, length)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    places = []
    for one in snapshots:
        start = out.tell()
        head = StatusAndHeaders(
            f"{one.status} OK",
            [("Content-Type", one.mime), ("Content-Length", str(len(one.body)))],
            protocol="HTTP/1.1",
        )
        at = datetime.strptime(one.stamp, "%Y%m%d%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ")
        extra = {"WARC-Date": at, **({"WARC-Truncated": truncated} if truncated else {})}
        writer.write_record(
            writer.create_warc_record(
                one.url, "response", payload=io.BytesIO(one.body), http_headers=head, warc_headers_dict=extra
            )
        )
        places.append((start, out.tell() - start))
    return out.getvalue(), places


@dataclass
class CommonCrawlPlayer:
    """Serves collinfo.json, one crawl's index and its WARC file, all on one origin."""

    snapshots: list[Snapshot]
    crawl: str = "CC-MAIN-2021-10"
    pages: int = 1
    truncated: str | None = None
    overloaded: bool = False
    ignore_range: bool = False

    def __post_init__(self) -> None:
        self.file, self.places = warc_bytes(self.snapshots, truncated=self.truncated)
        self.name = f"crawl-data/{self.crawl}/segments/1/warc/{self.crawl}-00000.warc.gz"

    def __call__(self, request: Request) -> Answer:
        if request.path == "/collinfo.json":
            public = "https://index.commoncrawl.org"
            crawls = [self.crawl, "CC-MAIN-2013-20"]
            return Answer.text(
                json.dumps(
                    [{"id": one, "name": one, "timegate": "", "cdx-api": f"{public}/{one}-index"} for one in crawls]
                ),
                content_type="application/json",
            )
        if request.path == f"/{self.crawl}-index":
            return self.index(dict(request.query))
        if request.path == f"/{self.name}":
            return self.range(request.headers.get("range", ""))
        return NOT_FOUND

    def index(self, query: dict[str, str]) -> Answer:
        if self.overloaded:
            return Answer.text("<html><body>502 Bad Gateway</body></html>", status=502)
        if query.get("showNumPages") == "true":
            return Answer.text(json.dumps({"pages": self.pages, "pageSize": 5, "blocks": 1}))
        rows = [
            {
                "urlkey": one.url,
                "timestamp": one.stamp,
                "url": one.url,
                "mime": one.mime,
                "status": str(one.status),
                "digest": one.digest,
                "length": str(length),
                "offset": str(offset),
                "filename": self.name,
            }
            for one, (offset, length) in zip(self.snapshots, self.places, strict=True)
            if under(one.url, query)
        ]
        if not rows:
            return Answer.text('{"message": "No Captures found"}', status=404, content_type="application/json")
        mine = rows[int(query.get("page", "0")) :: self.pages]
        return Answer.text("".join(json.dumps(row) + "\n" for row in mine), content_type="text/x-ndjson")

    def range(self, asked: str) -> Answer:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        if found is None or self.ignore_range:
            return Answer(self.file, content_type="application/octet-stream")
        start, end = int(found[1]), int(found[2])
        headers = (("Content-Range", f"bytes {start}-{end}/{len(self.file)}"),)
        return Answer(self.file[start : end + 1], 206, "application/octet-stream", headers)
