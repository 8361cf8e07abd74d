"""Hanweb JCMS against the demo portal, with each way in which such lists misbehave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from demo.portal import Article, File, HanwebPortal, Site
from demo.quirks import Quirks
from tasks.archive import Archive
from tasks.config import Source
from tasks.discover import (
    Listing,
    ListingEmpty,
    ListingEndless,
    ListingError,
    ListingIncomplete,
    ListingNotRecognised,
    ListingUnavailable,
    ListingUnstable,
    discover,
    fetch_attachment,
    fetch_document,
)
from tasks.fetch import Fetcher, ReplayFetcher
from tasks.model import Outcome

Make = Callable[..., Source]
Run = Callable[..., Listing]
BODY = "<p>" + "全区各部门认真落实年度目标任务，进展总体顺利。" * 5 + "</p>"


def article(number: int, **rest: Any) -> Article:
    given: dict[str, Any] = {"new_form": number % 3 == 0, "number": 33_000_000 + number, **rest}
    return Article(f"第{number}期重点任务执行情况", date(2021, 1, 5) + timedelta(days=number), BODY, **given)


def articles(count: int) -> list[Article]:
    return [article(number) for number in range(count)]


@pytest.fixture
def run(make_source: Make, fetcher: Fetcher, archive: Archive) -> Run:
    def listed(
        count: int, quirks: Quirks | None = None, *, previously: int | None = None, site: dict[str, Any] | None = None
    ) -> Listing:
        given = Site("yunhe", "云河区", 1229360616, articles(count), quirks=quirks or Quirks(), **(site or {}))
        with HanwebPortal([given]) as portal:
            source = make_source("hanweb-jcms", portal.listing("yunhe"))
            return discover(source, fetcher, archive=archive, previously=previously)

    return listed


def codes(listing: Listing) -> set[str]:
    return {one.code for one in listing.warnings}


@pytest.mark.parametrize("count", [1, 45, 46, 130])
def test_all_entries_of_both_address_forms_newest_first(count: int, run: Run) -> None:
    listing = run(count)
    assert [one.title for one in listing.documents] == [one.title for one in reversed(articles(count))]
    assert [one.listed_on for one in listing.documents] == [one.published_on for one in reversed(articles(count))]
    assert (listing.declared_total, listing.seen, listing.complete) == (count, count, True)
    assert not listing.warnings


def test_a_list_that_the_column_page_holds_whole_costs_one_request(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with HanwebPortal([Site("yunhe", "云河区", 7, articles(45))]) as portal:
        discover(make_source("hanweb-jcms", portal.listing("yunhe")), fetcher, archive=archive)
        assert portal.count("dataproxy") == 0
        assert portal.count("/col/") == 1


@pytest.mark.parametrize("proxy", ["/module/web/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp"])
@pytest.mark.parametrize("quirks", [Quirks(), Quirks(post=False), Quirks(get=False)])
def test_the_proxy_is_found_and_asked_the_way_it_answers(proxy: str, quirks: Quirks, run: Run) -> None:
    assert len(run(100, quirks, site={"proxy": proxy, "prefix": "/yh"}).documents) == 100


@pytest.mark.parametrize("per_page", [1, 7, 20, 60])
@pytest.mark.parametrize("group", [1, 3])
def test_any_size_of_page_and_group(per_page: int, group: int, run: Run) -> None:
    assert len(run(77, site={"per_page": per_page, "group": group}).documents) == 77


def test_the_columns_of_one_host_do_not_mix(make_source: Make, fetcher: Fetcher) -> None:
    sites = [
        Site("a", "甲区", 71, [article(n) for n in range(50)], unitid=1),
        Site("b", "乙区", 72, [article(n) for n in range(100, 150)], unitid=2),
    ]
    with HanwebPortal(sites) as portal:
        first = discover(make_source("hanweb-jcms", portal.listing("a")), fetcher)
        second = discover(make_source("hanweb-jcms", portal.listing("b"), id="b"), fetcher)
    assert len(first.documents) == len(second.documents) == 50
    assert not {one.key for one in first.documents} & {one.key for one in second.documents}


@pytest.mark.parametrize("quirks", [Quirks(empty=True), Quirks(no_records=True)])
def test_37_an_empty_list_that_used_to_be_full(quirks: Quirks, run: Run) -> None:
    with pytest.raises(ListingEmpty, match="23"):
        run(23, quirks, previously=23)


def test_37_an_empty_list_with_a_total_is_no_empty_column(run: Run) -> None:
    with pytest.raises(ListingEmpty):
        run(23, Quirks(no_records=True))


def test_a_column_that_never_held_anything_is_believed_with_a_warning(run: Run) -> None:
    listing = run(0)
    assert listing.documents == ()
    assert "listing_empty" in codes(listing)


def test_38_a_redesigned_page_is_not_an_empty_list(run: Run) -> None:
    with pytest.raises(ListingNotRecognised):
        run(23, Quirks(redesigned=True))


def test_39_the_mobile_twin_is_the_same_document(run: Run) -> None:
    listing = run(40, Quirks(duplicates=True))
    assert len(listing.documents) == 40
    assert not any("mobile" in one.url for one in listing.documents)


def test_40_another_order_at_each_request_is_read_again(run: Run) -> None:
    listing = run(130, Quirks(reorder=True))
    assert len(listing.documents) == 130
    assert "listing_reread" in codes(listing)


def test_41_pages_beyond_the_end_that_repeat_the_last_one(run: Run) -> None:
    assert len(run(130, Quirks(repeat_last_page=True, total_off_by=60)).documents) == 130


def test_42_paging_that_is_ignored_names_what_is_reachable(run: Run) -> None:
    with pytest.raises(ListingIncomplete, match="of 130"):
        run(130, Quirks(always_first_page=True))


def test_42_deep_pages_that_answer_an_empty_store_are_no_end(run: Run) -> None:
    with pytest.raises(ListingIncomplete, match="60 of 130"):
        run(130, Quirks(stub_beyond=60))


def test_a_page_that_lists_its_articles_itself_is_read_where_the_proxy_answers_nothing(run: Run) -> None:
    listing = run(20, Quirks(visible_list=True, stub_beyond=0), previously=20)
    assert len(listing.documents) == 20
    assert not listing.complete


def test_43_a_look_ahead_record_counts_once(run: Run) -> None:
    assert len(run(130, Quirks(look_ahead=True)).documents) == 130


def test_44_an_entry_that_comes_in_between_two_pages_leaves_no_gap(run: Run) -> None:
    listing = run(130, Quirks(grows_once=True))
    assert len(listing.documents) == 131
    assert "listing_reread" in codes(listing)


def test_44_a_list_that_never_stands_still_is_not_believed(run: Run) -> None:
    with pytest.raises(ListingUnstable):
        run(130, Quirks(grows_always=True))


@pytest.mark.parametrize("off", [5, -5])
@pytest.mark.parametrize("count", [20, 130])
def test_45_a_wrong_total_is_told_with_both_numbers(off: int, count: int, run: Run) -> None:
    listing = run(count, Quirks(total_off_by=off))
    assert len(listing.documents) == count
    (warning,) = [one for one in listing.warnings if one.code == "listing_total_wrong"]
    assert str(count) in warning.message
    assert str(count + off) in warning.message


def test_46_a_list_without_end(run: Run) -> None:
    with pytest.raises(ListingEndless):
        run(10, Quirks(endless=True))


def test_47_and_48_dates_that_cannot_be(make_source: Make, fetcher: Fetcher) -> None:
    printed = {
        1: "2099-01-01",
        2: "2024-13-45",
        3: "",
        4: "01-09",
        5: "[2021-01-10]",
        6: "2021年1月11日",
        7: "2021- 01-\n12 15: 29",
        8: "２０２１／０１／１３",
        9: "昨天",
    }
    site = Site("yunhe", "云河区", 7, [article(n, listed_date=text, new_form=False) for n, text in printed.items()])
    with HanwebPortal([site]) as portal:
        listing = discover(make_source("hanweb-jcms", portal.listing("yunhe")), fetcher)
    days = {one.title: one.listed_on for one in listing.documents}
    # The day of the address stands in where the printed one is of no use.
    assert days == {one.title: one.published_on for one in (article(n) for n in printed)}
    assert {"entry_date_in_future", "entry_date_unreadable"} <= codes(listing)


def test_49_the_same_article_under_two_addresses_is_one_document(make_source: Make, fetcher: Fetcher) -> None:
    moved = [
        Article("2020年政府工作报告执行情况", date(2021, 1, 19), BODY, number=1),
        Article("2020年政府工作报告执行情况", date(2021, 1, 19), BODY, number=2),
        Article("2020年政府工作报告执行情况", date(2021, 3, 1), BODY, number=3),
    ]
    with HanwebPortal([Site("yunhe", "云河区", 7, moved)]) as portal:
        listing = discover(make_source("hanweb-jcms", portal.listing("yunhe")), fetcher)
    assert sorted(len(one.other_urls) for one in listing.documents) == [0, 1]


def test_50_entries_that_have_fallen_off_the_list_are_nothing(run: Run) -> None:
    assert len(run(15, previously=90).documents) == 15


def test_51_links_that_lead_elsewhere_are_counted_and_never_asked(make_source: Make, fetcher: Fetcher) -> None:
    hrefs = [
        "http://evil.example/art/2024/1/2/art_7_1.html",
        "//evil.example/art/2024/1/2/art_7_2.html",
        "http://127.0.0.1:9/art/2024/1/2/art_7_3.html",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x.html",
        "#top",
        "http://[bad",
        "http://user@127.0.0.1/art/2024/1/2/art_7_4.html",
    ]
    extra = tuple(
        f"<record><![CDATA[<li><a href='{href}' title='执行情况{n}'>x</a><span>2021-01-01</span></li>]]></record>"
        for n, href in enumerate(hrefs)
    )
    kept = "<record><![CDATA[<li><a href='/x/../art/2021/1/9/art_7_77.html#a' title='乙执行情况'>x</a></li>]]></record>"
    site = Site("yunhe", "云河区", 7, articles(3), quirks=Quirks(extra_records=(*extra, kept)))
    with HanwebPortal([site]) as portal:
        listing = discover(make_source("hanweb-jcms", portal.listing("yunhe")), fetcher)
        assert portal.count("/art/") == 0
    assert listing.skipped == len(hrefs)
    assert len(listing.documents) == 4
    assert any(one.url.endswith("/art/2021/1/9/art_7_77.html") for one in listing.documents)
    assert sum(int(one.message.split()[0]) for one in listing.warnings if one.code.startswith("entry_")) == len(hrefs)


def test_52_debris_and_open_cdata_lose_no_readable_entry(run: Run) -> None:
    debris = ("<record><![CDATA[<li style=<br/>]]></record>", "<record><![CDATA[<li>&nbsp;</li>]]></record>")
    listing = run(60, Quirks(open_cdata=True, extra_records=debris))
    assert len(listing.documents) == 60
    assert listing.skipped == 2


def test_52_a_cut_title_is_completed_from_the_article(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    full = "云河区人民政府办公室关于2023年《政府工作报告》重点任务目标执行情况的通报"
    other = "云河区人民政府办公室关于2023年度某某某某某某某某某某某某某某工作的通知"
    site = Site(
        "yunhe",
        "云河区",
        7,
        [
            Article(full, date(2024, 1, 8), BODY, listed_title=full[:20] + "..."),
            Article(other, date(2024, 1, 9), BODY, listed_title=other[:20] + "…"),
        ],
    )
    with HanwebPortal([site]) as portal:
        source = make_source("hanweb-jcms", portal.listing("yunhe"))
        listing = discover(source, fetcher, archive=archive)
        asked = portal.count("/art/")
        again = discover(source, fetcher, archive=archive)
        assert portal.count("/art/") == asked  # the kept article tells its title
    assert [one.title for one in listing.documents] == [full]
    assert again.documents == listing.documents
    assert listing.unmatched == 1


@pytest.mark.parametrize("status", [200, 202, 412, 521])
def test_a_challenge_is_blocked_and_never_an_empty_list(status: int, run: Run) -> None:
    with pytest.raises(ListingUnavailable) as caught:
        run(30, Quirks(challenge_status=status), previously=30)
    assert caught.value.result is not None
    assert caught.value.result.outcome is Outcome.BLOCKED
    assert caught.value.fetches


def test_a_maintenance_page_is_a_failure(run: Run) -> None:
    with pytest.raises(ListingUnavailable) as caught:
        run(30, Quirks(maintenance=True))
    assert caught.value.result is not None
    assert caught.value.result.outcome is Outcome.FAILED


def test_errors_name_source_and_address(run: Run) -> None:
    with pytest.raises(ListingError) as caught:
        run(30, Quirks(redesigned=True))
    assert caught.value.source == "yunhe-gov-office"
    assert "/col/col1229360616/" in (caught.value.where or "")


def test_a_listing_is_replayed_from_the_archive(make_source: Make, fetcher: Fetcher, archive: Archive) -> None:
    with HanwebPortal([Site("yunhe", "云河区", 7, articles(100))]) as portal:
        source = make_source("hanweb-jcms", portal.listing("yunhe"))
        live = discover(source, fetcher, archive=archive)
    assert discover(source, ReplayFetcher(archive), archive=archive).documents == live.documents


def test_documents_and_attachments_are_fetched_and_told_apart(
    make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    table = File("三季度任务表.xlsx", b"PK\x03\x04" + bytes(200), "application/vnd.ms-excel")
    with HanwebPortal([Site("yunhe", "云河区", 7, [article(1, attachments=(table,))])]) as portal:
        source = make_source("hanweb-jcms", portal.listing("yunhe"))
        (ref,) = discover(source, fetcher, archive=archive).documents
        first = fetch_document(source, ref, fetcher, archive=archive)
        again = fetch_document(source, ref, fetcher, archive=archive, known=first.capture)
        portal.revise("yunhe", ref.title, article(1, declared="gb2312"), same_validators=True)
        lied = fetch_document(source, ref, fetcher, archive=archive, known=first.capture)
        full = fetch_document(source, ref, fetcher, archive=archive, known=first.capture, full=True)
        assert first.body is not None
        start = first.body.decode().index("/module/download/downfile.jsp")
        link = first.body.decode()[start:].split('"')[0].replace("&amp;", "&")
        file = fetch_attachment(source, ref, portal.url + link, fetcher, archive=archive, title=table.name)
        portal.withdraw("yunhe", ref.title, listed=True)
        gone = fetch_document(source, ref, fetcher, archive=archive)
    assert [one.outcome for one in (first, again, lied, full)] == [
        Outcome.NEW,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
        Outcome.NEW,
    ]
    assert file.body == table.body
    assert file.capture is not None
    assert file.capture.title == table.name
    assert gone.outcome is Outcome.GONE
