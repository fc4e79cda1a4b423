"""Pages of a list that forgive every page number."""

from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.core.paginator import Page as DjangoPage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui.formats import number

PER_PAGE = 50
PER_PAGE_LOW = 20
LONGEST_NUMBER = 9


class Page(DjangoPage):
    """One page of a list. `correction` is a sentence when the address asked for a page that does not exist."""

    correction: str = ""

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to link to, None for a gap."""
        elided = self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return [entry if isinstance(entry, int) else None for entry in elided]


class ListPaginator(Paginator):
    """Django's paginator with a count and a first page that may be known already, so that they cost no query."""

    def __init__(self, items: Any, per_page: int, known_count: int | None = None) -> None:
        super().__init__(items, per_page)
        self._first: list[Any] | None = None
        if known_count is not None:
            self.__dict__["count"] = known_count  # takes the place of the cached property

    def read_first(self) -> None:
        """Read the first page and one more: where there is no more, these are all, and need not be counted."""
        read = list(self.object_list[: self.per_page + 1])
        self._first = read[: self.per_page]
        if len(read) <= self.per_page:
            self.__dict__["count"] = len(read)

    def _get_page(self, items: Any, number: int, paginator: Any) -> Page:
        return Page(items if number > 1 or self._first is None else self._first, number, paginator)


def paginate(request: HttpRequest, items: Any, per_page: int = PER_PAGE, count: int | None = None) -> Page:
    """The page of `items` that `?page=` asks for, at most 20 to a page in low bandwidth.

    Beyond the end it is the last page, for nonsense the first, and `page.correction` says so.
    `items` is a queryset or list in a fixed order; `count` its length where that is already known. A queryset that fits
    on one page is one query; a longer one is counted by another.
    """
    paginator = ListPaginator(items, min(per_page, PER_PAGE_LOW) if is_low_bandwidth(request) else per_page, count)
    wanted = request.GET.get("page", "1").strip()
    if count is None and wanted == "1" and isinstance(items, QuerySet):
        paginator.read_first()
    try:
        return _page(paginator, paginator.validate_number(wanted[: LONGEST_NUMBER + 1]))
    except PageNotAnInteger:
        return _page(paginator, 1, _("There is no such page. This is the first one."))
    except EmptyPage:
        if wanted.startswith("-") or not wanted.strip("0"):
            return _page(paginator, 1, _("There is no such page. This is the first one."))
        pages = paginator.num_pages
        sentence = ngettext(
            "There is only %(count)s page.", "There are only %(count)s pages. This is the last one.", pages
        )
        return _page(paginator, pages, sentence % {"count": number(pages)})


def is_low_bandwidth(request: HttpRequest) -> bool:
    """Whether the account, or the browser by `Save-Data`, asks for little."""
    chosen = getattr(getattr(request, "user", None), "low_bandwidth", False)
    return bool(chosen) or request.headers.get("Save-Data", "").lower() == "on"


def _page(paginator: ListPaginator, wanted: int, correction: str = "") -> Page:
    page = paginator.page(wanted)
    assert isinstance(page, Page)
    page.correction = correction
    return page
