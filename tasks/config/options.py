"""What a portal family may be told beyond the listing's URL. All of it is optional: families find it out themselves."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from tasks.config.fields import Names, Pattern, WebUrl

Portal = Literal[
    "hanweb-jcms", "hanweb-jpaas", "trs-wcm", "gkmlpt", "html-list", "files", "warc", "wayback", "common-crawl"
]


_OBEY = "ask nothing that robots.txt disallows, not even the archive's documented interface"


class Options(BaseModel):
    """The base: no options."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # Pattern of the paths under which the family's hosts offer a documented interface for programs.
    interface: ClassVar[str] = ""


class JcmsOptions(Options):
    """`hanweb-jcms`. Ids are read from the column page; give them where the page hides them."""

    column: int | None = Field(default=None, ge=1, description="columnid, where the listing URL does not name it")
    webid: int | None = Field(default=None, ge=0, description="the site's id")
    unitid: int | None = Field(default=None, ge=0, description="the template unit's id")
    proxy: str | None = Field(default=None, pattern=r"^/[^\s?#]*dataproxy\.jsp$", description="path of dataproxy.jsp")
    per_request: int = Field(default=60, ge=1, le=500, description="records asked for at once")


class JpaasOptions(Options):
    """`hanweb-jpaas`. Parameters are read from the column page."""

    api: str | None = Field(default=None, pattern=r"^/[^\s?#]*$", description="path of the unit API")
    web_id: str | None = Field(default=None, description="webId")
    template: str | None = Field(default=None, description="tplSetId")
    page_id: str | None = Field(default=None, description="pageId")
    tag: str | None = Field(default=None, description="tagId: the list's tag on the page, such as 列表页")
    rows: int = Field(default=30, ge=1, le=200, description="entries asked for at once")


class TrsOptions(Options):
    """`trs-wcm`."""

    first_page: int | None = Field(default=None, ge=0, le=2, description="the N of index_N that is the second page")


class GkmlptOptions(Options):
    """`gkmlpt`."""

    sid: str | None = Field(
        default=None, pattern=r"^\d+$", description="SID of the site, where the index page hides it"
    )
    category: int | None = Field(
        default=None, ge=0, description="category, where the listing URL has no #fragment; 0 is all"
    )


class ListOptions(Options):
    """`html-list`."""

    item: str | None = Field(default=None, description="CSS selector of one entry; found by shape where absent")
    next_page: str | None = Field(default=None, description="CSS selector of the link to the next page")
    total: str | None = Field(default=None, description="CSS selector of the element that prints the number of entries")
    article: Pattern | None = Field(default=None, description="pattern (RE2) that an article's URL must match")


class FilesOptions(Options):
    """`files`."""

    recursive: bool = Field(default=True, description="folders inside the folder are looked into")
    suffixes: Names = Field(default=(), description="only files with these ends")


class WarcOptions(Options):
    """`warc`: nothing beyond the path."""


class WaybackOptions(Options):
    """`wayback`."""

    interface = r"/cdx/search/cdx|/web/\d{4,14}id_/"

    match_type: Literal["exact", "prefix", "host", "domain"] = Field(
        default="prefix", description="how `listing` is meant"
    )
    endpoint: WebUrl = Field(default="https://web.archive.org", description="where the CDX server and the replay stand")
    article: Pattern | None = Field(default=None, description="pattern (RE2) that an article's URL must match")
    limit: int = Field(default=3000, ge=1, le=100_000, description="CDX rows asked for at once")
    per_minute: float = Field(default=20, gt=0, le=60, description="requests a minute at most")
    obey_robots: bool = Field(default=False, description=_OBEY)


class CommonCrawlOptions(Options):
    """`common-crawl`."""

    interface = r"/collinfo\.json$|/CC-MAIN-[\w-]+-index$|/crawl-data/"

    match_type: Literal["exact", "prefix", "host", "domain"] = Field(
        default="prefix", description="how `listing` is meant"
    )
    index: WebUrl = Field(default="https://index.commoncrawl.org", description="where collinfo.json stands")
    data: WebUrl = Field(default="https://data.commoncrawl.org", description="where the WARC files stand")
    crawls: Names = Field(
        default=(), description="crawl ids such as CC-MAIN-2023-50; all that overlap since/until where absent"
    )
    article: Pattern | None = Field(default=None, description="pattern (RE2) that an article's URL must match")
    obey_robots: bool = Field(default=False, description=_OBEY)


OPTIONS: dict[str, type[Options]] = {
    "hanweb-jcms": JcmsOptions,
    "hanweb-jpaas": JpaasOptions,
    "trs-wcm": TrsOptions,
    "gkmlpt": GkmlptOptions,
    "html-list": ListOptions,
    "files": FilesOptions,
    "warc": WarcOptions,
    "wayback": WaybackOptions,
    "common-crawl": CommonCrawlOptions,
}
AnyOptions = (
    JcmsOptions
    | JpaasOptions
    | TrsOptions
    | GkmlptOptions
    | ListOptions
    | FilesOptions
    | WarcOptions
    | WaybackOptions
    | CommonCrawlOptions
)
LOCAL: frozenset[str] = frozenset({"files", "warc"})  # `listing` is a path, nothing is asked of a network
ARCHIVES: frozenset[str] = frozenset({"warc", "wayback", "common-crawl"})  # a document's time is its capture's
