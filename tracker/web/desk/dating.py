"""The date that words of an article say, read as extraction reads them: against the day of publication."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from events.dates import PartialDate
from events.extraction.calendar import When
from events.extraction.chart import Chart
from events.models.candidates import Candidate
from events.models.sources import Document
from tracker.web.desk.access import curators_only
from tracker.web.desk.asking import number
from tracker.web.desk.rows import MAX_QUOTE


@require_safe
@curators_only
def said(request: HttpRequest, pk: int) -> JsonResponse:
    """`{"date": "2025-10-18"}` of the words from code point `start` to `end`; empty where they say none."""
    rows = Candidate.objects.select_related("document").defer("document__raw")
    document = get_object_or_404(rows, pk=pk).document
    start, end = number(request.GET.get("start")), number(request.GET.get("end"))
    if start is None or end is None or not 0 < end - start <= MAX_QUOTE:
        return JsonResponse({"date": ""})
    return JsonResponse({"date": date_in(document, start, end)})


def date_in(document: Document, start: int, end: int) -> str:
    """The first date that the words say, as exact as they are (`2025-10`); empty where they say none."""
    # The rules of a language take half a second to load: every command and web process would start the later for them.
    if document.language.startswith("zh"):
        from events.extraction.zh.dates import find
    else:
        from events.extraction.en.dates import find
    chart = Chart(document.text, start, min(end, len(document.text)))
    find(chart, document.published_on, {})
    whens = [node.value for node in chart.nodes if node is not None and isinstance(node.value, When)]
    day = next((when.day for when in whens if when.day), None)
    return str(PartialDate.from_json(day)) if day else ""
