"""The list families, each over real HTTP against a player of its protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from demo.loopback import LoopbackServer
from tasks.archive import Archive
from tasks.config import Source
from tasks.discover import (
    Listing,
    ListingEmpty,
    ListingEndless,
    ListingIncomplete,
    ListingNotRecognised,
    ListingUnstable,
    discover,
)
from tasks.fetch import Fetcher, ReplayFetcher
from tests.players.gkmlpt import GkmlptPlayer
from tests.players.jpaas import JpaasPlayer
from tests.players.lists import Misbehaviour, published
from tests.players.plainlist import SHAPES, PlainListPlayer
from tests.players.trs import TrsPlayer

Make = Callable[..., Source]
FAMILIES: dict[str, tuple[Callable[..., Any], str]] = {
    "hanweb-jpaas": (JpaasPlayer, "/col/col1657687/index.html"),
    "trs-wcm": (TrsPlayer, "/tzzfxxgk/c2021/"),
    "gkmlpt": (GkmlptPlayer, "/yhfgj/gkmlpt/index#721"),
    "html-list": (PlainListPlayer, "/zwgk/gzbg/"),
}


@pytest.fixture
def listed(make_source: Make, fetcher: Fetcher, archive: Archive) -> Callable[..., Listing]:
    def run(portal: str, player: Any, *, previously: int | None = None, **source: Any) -> Listing:
        with LoopbackServer(player) as server:
            made = make_source(portal, server.url + FAMILIES[portal][1], **source)
            return discover(made, fetcher, archive=archive, previously=previously)

    return run


@pytest.mark.parametrize("portal", FAMILIES)
@pytest.mark.parametrize("count", [1, 47])
def test_every_entry_is_found_once_with_its_day(portal: str, count: int, listed: Callable[..., Listing]) -> None:
    entries = published(count)
    listing = listed(portal, FAMILIES[portal][0](entries))
    assert [(one.title, one.listed_on) for one in listing.documents] == [(one.title, one.day) for one in entries]
    assert len({one.key for one in listing.documents}) == count
    assert listing.complete
    assert listing.seen == count


@pytest.mark.parametrize("portal", FAMILIES)
def test_titles_the_source_does_not_want_are_counted_not_lost(portal: str, listed: Callable[..., Listing]) -> None:
    listing = listed(portal, FAMILIES[portal][0](published(12)), match="第1批")
    assert [one.title.count("第1批") for one in listing.documents] == [1]
    assert listing.unmatched == 11


@pytest.mark.parametrize("portal", FAMILIES)
def test_an_empty_list_that_used_to_be_full_is_an_error(portal: str, listed: Callable[..., Listing]) -> None:
    player = FAMILIES[portal][0](published(20), Misbehaviour(empty=True))
    with pytest.raises(ListingEmpty, match="20"):
        listed(portal, player, previously=20)


@pytest.mark.parametrize("portal", FAMILIES)
def test_ignored_paging_is_an_error_and_not_the_end(portal: str, listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingIncomplete) as caught:
        listed(portal, FAMILIES[portal][0](published(55), Misbehaviour(ignore_paging=True)))
    assert caught.value.fetches


@pytest.mark.parametrize("portal", ["hanweb-jpaas", "gkmlpt"])
def test_a_list_that_grows_between_two_pages_is_read_again(portal: str, listed: Callable[..., Listing]) -> None:
    # The unit of the list is asked once before the reading begins.
    listing = listed(portal, FAMILIES[portal][0](published(47), Misbehaviour(grow_after=2)))
    assert len(listing.documents) == 48
    assert "listing_reread" in {one.code for one in listing.warnings}


@pytest.mark.parametrize("portal", ["hanweb-jpaas", "gkmlpt"])
def test_a_list_that_never_stands_still_is_not_believed(portal: str, listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingUnstable):
        listed(portal, FAMILIES[portal][0](published(47), Misbehaviour(grow_always=True)))


@pytest.mark.parametrize("portal", ["hanweb-jpaas", "gkmlpt"])
def test_pages_that_overlap_and_miss_are_read_until_nothing_is_missing_or_given_up(
    portal: str, listed: Callable[..., Listing]
) -> None:
    try:
        listing = listed(portal, FAMILIES[portal][0](published(47), Misbehaviour(reorder=True)))
    except ListingIncomplete:
        return
    assert len(listing.documents) == 47


@pytest.mark.parametrize("portal", ["hanweb-jpaas", "gkmlpt"])
@pytest.mark.parametrize("off", [3, -3])
def test_a_wrong_total_is_a_warning_with_both_numbers(portal: str, off: int, listed: Callable[..., Listing]) -> None:
    listing = listed(portal, FAMILIES[portal][0](published(30), Misbehaviour(total_off_by=off)))
    assert len(listing.documents) == 30
    (warning,) = [one for one in listing.warnings if one.code == "listing_total_wrong"]
    assert "30" in warning.message
    assert str(30 + off) in warning.message


@pytest.mark.parametrize("portal", ["hanweb-jpaas", "gkmlpt"])
def test_a_last_page_repeated_for_ever_ends_the_list(portal: str, listed: Callable[..., Listing]) -> None:
    player = FAMILIES[portal][0](published(47), Misbehaviour(repeat_last_page=True, total_off_by=9))
    assert len(listed(portal, player).documents) == 47


@pytest.mark.parametrize("portal", FAMILIES)
def test_a_list_beyond_the_cap_is_refused(portal: str, listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingEndless):
        listed(portal, FAMILIES[portal][0](published(60)), max_entries=25)


@pytest.mark.parametrize("portal", FAMILIES)
def test_a_listing_is_replayed_from_the_archive_without_its_portal(
    portal: str, make_source: Make, fetcher: Fetcher, archive: Archive
) -> None:
    with LoopbackServer(FAMILIES[portal][0](published(33))) as server:
        source = make_source(portal, server.url + FAMILIES[portal][1])
        live = discover(source, fetcher, archive=archive)
    again = discover(source, ReplayFetcher(archive), archive=archive)
    assert again.documents == live.documents


def test_jpaas_finds_its_list_among_the_units_of_the_page(listed: Callable[..., Listing]) -> None:
    listing = listed("hanweb-jpaas", JpaasPlayer(published(5)))
    assert len(listing.documents) == 5
    assert all("/col/col1657687/art/" in one.url for one in listing.documents)


def test_jpaas_page_without_units_is_not_recognised(listed: Callable[..., Listing]) -> None:
    class Redesigned(JpaasPlayer):
        def column_page(self) -> str:
            return "<html><body><div id=app>" + "政务公开 " * 20 + "</div><script src=/a.js></script></body></html>"

    with pytest.raises(ListingNotRecognised):
        listed("hanweb-jpaas", Redesigned(published(5)))


@pytest.mark.parametrize("second", [1, 2])
@pytest.mark.parametrize("end", ["html", "shtml"])
def test_trs_pages_are_counted_from_one_or_from_two(second: int, end: str, listed: Callable[..., Listing]) -> None:
    assert len(listed("trs-wcm", TrsPlayer(published(35), second=second, end=end)).documents) == 35


def test_trs_links_in_scripts_are_read(listed: Callable[..., Listing]) -> None:
    assert len(listed("trs-wcm", TrsPlayer(published(9), onclick=True)).documents) == 9


def test_trs_stub_in_the_middle_is_a_defect(listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingIncomplete):
        listed("trs-wcm", TrsPlayer(published(45), stub_page=3))


def test_trs_stub_at_the_end_is_the_end(listed: Callable[..., Listing]) -> None:
    listing = listed("trs-wcm", TrsPlayer(published(20), Misbehaviour(total_off_by=1)))
    assert len(listing.documents) == 20
    assert "listing_total_wrong" in {one.code for one in listing.warnings}


def test_gkmlpt_page_beyond_the_end_is_gone(listed: Callable[..., Listing]) -> None:
    assert len(listed("gkmlpt", GkmlptPlayer(published(40), gone_beyond=True)).documents) == 40


def test_gkmlpt_gone_before_the_total_is_reached_is_no_end(listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingIncomplete):
        listed("gkmlpt", GkmlptPlayer(published(40), only_first_page=True))


@pytest.mark.parametrize("epoch", [False, True])
def test_gkmlpt_titles_and_days_in_both_spellings(epoch: bool, listed: Callable[..., Listing]) -> None:
    entries = published(3)
    listing = listed("gkmlpt", GkmlptPlayer(entries, escaped=True, epoch=epoch))
    assert [(one.title, one.listed_on) for one in listing.documents] == [(one.title, one.day) for one in entries]


@pytest.mark.parametrize("shape", SHAPES)
def test_plain_lists_of_every_row_shape(shape: str, listed: Callable[..., Listing]) -> None:
    entries = published(23)
    listing = listed("html-list", PlainListPlayer(entries, shape=shape, declared=True))
    assert [(one.title, one.listed_on) for one in listing.documents] == [(one.title, one.day) for one in entries]


def test_dated_links_beside_the_list_do_not_end_it(listed: Callable[..., Listing]) -> None:
    extra = "".join(f"<p>更新 2024-01-0{n} <a href='/about{n}.html'>关于我们</a></p>" for n in range(1, 6))
    listing = listed("html-list", PlainListPlayer(published(21), declared=True, extra=extra))
    assert len(listing.documents) == 21


def test_plain_list_built_by_script_is_not_recognised(listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingNotRecognised):
        listed("html-list", PlainListPlayer(published(5), scripted_list=True))


def test_plain_list_whose_next_page_is_a_script_is_not_taken_for_the_whole(listed: Callable[..., Listing]) -> None:
    with pytest.raises(ListingIncomplete):
        listed("html-list", PlainListPlayer(published(23), scripted_next=True, declared=True))
    listing = listed("html-list", PlainListPlayer(published(23), scripted_next=True))
    assert not listing.complete
