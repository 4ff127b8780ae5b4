"""The peers of timeline and search: stock DRF ModelViewSets over the record's tables, with the same payload.

Written as its manual shows: nested ModelSerializers, `select_related` and `prefetch_related` for all that they read,
DRF's own CursorPagination, no throttling. Summaries and notes, which no table has, come from the revision.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend, SearchFilter
from rest_framework.pagination import CursorPagination
from rest_framework.viewsets import ModelViewSet

from events.models.organizations import Organization
from events.models.record import DATE_FIELDS, Event, Evidence, Party, Penalty, Revision
from events.models.sources import Document

JSON = dict[str, Any]


class StockDocument(serializers.ModelSerializer[Document]):
    published = serializers.DateTimeField(source="published_at", format="%Y-%m-%d")

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = ["id", "url", "title", "published"]


class StockEvidence(serializers.ModelSerializer[Evidence]):
    document = StockDocument()

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = ["field", "quote", "start", "end", "document"]


class StockOrganization(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["id", "name"]


class StockPenalty(serializers.ModelSerializer[Penalty]):
    amount = serializers.FloatField()

    class Meta:
        model = Penalty
        fields: ClassVar[list[str]] = ["type", "levels", "degree", "amount", "currency", "duration"]

    def to_representation(self, instance: Penalty) -> JSON:
        return {key: value for key, value in super().to_representation(instance).items() if value}


class StockParty(serializers.ModelSerializer[Party]):
    id = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields: ClassVar[list[str]] = ["type", "id", "name"]

    def get_id(self, row: Party) -> int | None:
        return row.executive_id or row.organization_id


class StockRevision(serializers.ModelSerializer[Revision]):
    class Meta:
        model = Revision
        fields: ClassVar[list[str]] = ["seq", "recorded_at"]


class StockEvent(serializers.ModelSerializer[Event]):
    event = serializers.IntegerField(source="pk")
    date = serializers.SerializerMethodField()
    dates = serializers.SerializerMethodField()
    published = serializers.DateTimeField(source="published_at")
    first_seen = serializers.DateTimeField(source="first_seen_at")
    summary = serializers.CharField(source="head.payload.summary")
    summary_zh = serializers.CharField(source="head.payload.summary_zh")
    notes = serializers.ListField(source="head.payload.notes")
    case_title = serializers.CharField(source="case.title", default="")
    subject = serializers.SerializerMethodField()
    details = serializers.SerializerMethodField()
    evidence = StockEvidence(many=True)
    revision = StockRevision(source="head")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = [
            "event", "kind", "action", "date", "dates", "published", "first_seen", "summary", "summary_zh", "severity",
            "severity_inputs", "status", "assertion", "confidence", "case", "case_title", "subject", "details",
            "evidence", "notes", "revision",
        ]  # fmt: skip

    def get_date(self, row: Event) -> JSON:
        return {"value": row.date, "precision": row.date_precision}

    def get_dates(self, row: Event) -> JSON:
        return {
            name: {"value": value, "precision": getattr(row, f"{name}_precision")}
            for name in DATE_FIELDS
            if (value := getattr(row, name))
        }

    def get_subject(self, row: Event) -> JSON:
        subject = next(party for party in row.parties.all() if party.role == "subject")
        place = StockOrganization(row.organization).data if row.organization else None
        return {**StockParty(subject).data, "title": subject.title, "organization": place}

    def get_details(self, row: Event) -> JSON:
        others = [party for party in row.parties.all() if party.role != "subject"]
        found = OrderedDict(
            title=row.title,
            organization=StockOrganization(row.organization).data if row.organization else None,
            issuer=next((StockParty(party).data for party in others if party.role == "issuer"), None),
            participants=[{"role": party.role, **StockParty(party).data} for party in others],
            penalties=StockPenalty(row.penalties.all(), many=True).data,
            grounds=[ground.text for ground in row.grounds.all()],
            departure=row.departure,
            interim=row.interim,
        )
        return {key: value for key, value in found.items() if value}


class StockPages(CursorPagination):
    page_size = 50
    ordering = ("-date", "-id")


class StockTimeline(ModelViewSet[Event]):
    """The events about one person, newest first."""

    serializer_class = StockEvent
    pagination_class = StockPages
    filter_backends: Sequence[type[BaseFilterBackend]] = ()
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get_queryset(self) -> QuerySet[Event]:
        rows = Event.objects.filter(parties__executive=self.kwargs["person"]).exclude(status="retracted")
        return rows.select_related("head", "case", "organization").prefetch_related(
            "parties", "penalties", "grounds", "evidence__document"
        )


class StockAnswers(StockPages):
    page_size = 20


class StockSearch(StockTimeline):
    """DRF's SearchFilter over the summaries in both languages: every word anywhere, newest first, no ranks, no stems."""

    pagination_class = StockAnswers
    filter_backends: Sequence[type[BaseFilterBackend]] = (SearchFilter,)
    search_fields = ("said", "said_zh")

    def get_queryset(self) -> QuerySet[Event]:
        rows = Event.objects.exclude(status="retracted").annotate(
            said=KeyTextTransform("summary", "head__payload"),
            said_zh=KeyTextTransform("summary_zh", "head__payload"),
        )
        return rows.select_related("head", "case", "organization").prefetch_related(
            "parties", "penalties", "grounds", "evidence__document"
        )
