"""The caller's own webhooks, and what became of their messages. Nobody sees another's."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema, extend_schema_view
from redis.exceptions import RedisError
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api import examples_webhooks as examples
from api import tickets
from api.filtersets.webhooks import DeliveryFilter, WebhookFilter
from api.parameters import NoParameters, read
from api.serializers.webhooks import (
    DeliveryDetail,
    DeliveryShown,
    PingAnswer,
    Replayed,
    ReplaySent,
    RotationSent,
    WebhookSecret,
    WebhookSent,
    WebhookShown,
    delivery_detail_json,
    delivery_json,
    ping_json,
    webhook_json,
)
from api.views.owned import OwnRecords
from events.alerts.hooks import keeping
from events.alerts.wishes import sentences
from events.alerts.wording import words
from events.choices import DeliveryState
from events.models.webhooks import Webhook, WebhookMessage
from events.timelines.keyset import Key

JSON = dict[str, Any]
logger = logging.getLogger(__name__)

MOST = 50
"""Webhooks of one owner."""
PINGS = 10
PING_SECONDS = 60
"""So many test messages of one owner in so many seconds."""
_WAITING = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
_FAILED = (DeliveryState.FAILED.value,)


@extend_schema_view(
    list=extend_schema(summary="Your webhooks", responses=WebhookShown(many=True), examples=[examples.SHOWN]),
    retrieve=extend_schema(
        summary="One of your webhooks", responses=WebhookShown, examples=[examples.SHOWN], filters=False
    ),
    destroy=extend_schema(
        summary="Take a webhook away", description="With its messages; nothing more is sent."
    ),
)
class Webhooks(OwnRecords):
    """Addresses that are sent every revision that meets a wish, signed after Standard Webhooks."""

    required_scope = "webhooks"
    queryset = Webhook.objects.none()
    filterset_class = WebhookFilter
    serializer_class = WebhookShown
    show = webhook_json
    show_one = webhook_json

    def get_queryset(self) -> QuerySet[Webhook]:
        """The owner's."""
        mine = Webhook.objects.filter(owner=self.owner).select_related("executive", "organization")
        return mine.annotate(waiting=_count(_WAITING), failed=_count(_FAILED))

    def paginate_queryset(self, queryset: Any) -> Any:
        """The page's rows, with the sentences of all, whose names are read together."""
        rows = super().paginate_queryset(queryset) or []
        for row, said in zip(rows, sentences(rows, words("en")), strict=True):
            row.said = said
        return rows

    @extend_schema(
        summary="Make a webhook",
        description=(
            "Every revision that meets the wish is sent to the address from now on, and what later becomes of an "
            "event that was sent, in the order of `sequence`. Messages are signed after Standard Webhooks with the "
            "`secret`, which is shown in this answer only. Any 2xx takes a message; 410 ends the webhook; anything "
            "else, also a redirect, is tried again for three days. The same `webhook-id` is the same message."
        ),
        request=WebhookSent,
        responses={201: WebhookSecret},
        examples=[examples.SENT, examples.SECRET],
    )
    def create(self, request: Request) -> Response:
        """Writes it down."""
        values = self.body(WebhookSent)
        if Webhook.objects.filter(owner=self.owner).count() >= MOST:
            raise ValidationError({"": [f"At most {MOST} webhooks belong to one owner."]})
        row = Webhook.objects.create(owner=self.owner, **values)
        url = reverse("api:webhook-detail", kwargs={"id": row.pk}, request=request)
        return Response(_with_secret(row), 201, headers={"Location": url})

    @extend_schema(
        summary="Change a webhook",
        description="The members that are sent; null or an empty text takes a condition back.",
        request=WebhookSent,
        responses=WebhookShown,
        examples=[examples.CHANGED, examples.SHOWN],
    )
    def partial_update(self, request: Request, id: int) -> Response:
        """Changes the members that were sent."""
        values = self.body(WebhookSent, partial=True)
        row = self.get_object()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values])
        return Response(webhook_json(row))

    @extend_schema(
        summary="Change the secret",
        description=(
            "The new one is shown in this answer only. Until the overlap ends messages carry a signature by each."
        ),
        request=RotationSent,
        responses=WebhookSecret,
        examples=[examples.ROTATION, examples.SECRET],
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, id: int) -> Response:
        """A new secret."""
        hours = self.body(RotationSent)["overlap_hours"]
        row = self.get_object()
        keeping.rotate_secret(row, timedelta(hours=hours))
        return Response(_with_secret(row))

    @extend_schema(
        summary="Pause a webhook",
        description="Messages wait until it is resumed.",
        request=None,
        responses=WebhookShown,
        examples=[examples.SHOWN],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, id: int) -> Response:
        """Pauses it."""
        return self._changed(request, keeping.pause)

    @extend_schema(
        summary="Resume a webhook",
        description="What waits is sent. What failed is not, see `replay`. One that is gone is active again.",
        request=None,
        responses=WebhookShown,
        examples=[examples.SHOWN],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, id: int) -> Response:
        """Resumes it."""
        return self._changed(request, keeping.resume)

    @extend_schema(
        summary="Send a test message",
        description=(
            "Of type `ping`, signed like the others, sent at once whatever the state; the answer tells what the "
            f"receiver made of it. At most {PINGS} a minute."
        ),
        request=None,
        responses=PingAnswer,
        examples=[examples.PING],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, id: int) -> Response:
        """Sends one. Raises Throttled."""
        read(request, NoParameters)
        row = self.get_object()
        _count_ping(self.owner.pk)
        return Response(ping_json(keeping.ping(row)))

    @extend_schema(
        summary="Send messages again",
        description=(
            "Under the same `webhook-id` as before: all that failed, or all from a revision or an instant on. They "
            "wait in the order of `sequence`."
        ),
        request=ReplaySent,
        responses={202: Replayed},
        examples=[examples.REPLAY, examples.REPLAYED],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, id: int) -> Response:
        """Has them sent again."""
        wanted = self.body(ReplaySent)
        row = self.get_object()
        if wanted.get("failed"):
            replayed = keeping.replay_failed(row)
        else:
            replayed = keeping.replay_since(row, seq=wanted.get("sequence"), moment=wanted.get("since"))
        return Response({"replayed": replayed}, 202)

    def _changed(self, request: Request, change: Any) -> Response:
        read(request, NoParameters)
        row = self.get_object()
        change(row)
        return Response(webhook_json(row))


@extend_schema_view(
    list=extend_schema(
        summary="Messages to your webhooks",
        description="Newest first. With `state=failed`: those that were given up.",
        responses=DeliveryShown(many=True),
        examples=[examples.DELIVERY],
    ),
    retrieve=extend_schema(
        summary="One message, with its attempts",
        responses=DeliveryDetail,
        examples=[examples.DELIVERY_DETAIL],
        filters=False,
    ),
)
class Deliveries(OwnRecords):
    """Messages to the owner's webhooks."""

    http_method_names = ["get", "head", "options", "post"]  # noqa: RUF012 - as the base class has it
    required_scope = "webhooks"
    queryset = WebhookMessage.objects.none()
    filterset_class = DeliveryFilter
    serializer_class = DeliveryShown
    detail_class = DeliveryDetail
    keys = (Key("id", int, descending=True),)
    show = delivery_json
    show_one = delivery_detail_json

    def get_queryset(self) -> QuerySet[WebhookMessage]:
        """Those of the owner's webhooks."""
        mine = WebhookMessage.objects.filter(webhook__in=Webhook.objects.filter(owner=self.owner))
        whole = mine.select_related("revision").defer("revision__payload", "revision__changes")
        return whole.annotate(merged_into=KeyTextTransform("merged_into", "revision__payload"))

    @extend_schema(
        summary="Send one message again",
        description="Under the same `webhook-id`. One that waits is due at once.",
        request=None,
        responses={202: DeliveryDetail},
        examples=[examples.DELIVERY_AGAIN],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, id: int) -> Response:
        """Has it sent again."""
        read(request, NoParameters)
        row = self.get_object()
        keeping.replay(WebhookMessage.objects.filter(pk=row.pk))
        return Response(delivery_detail_json(self.get_object()), 202)


def _with_secret(row: Webhook) -> JSON:
    return {**webhook_json(row), "secret": row.secret}


def _count(states: tuple[str, ...]) -> Any:
    """How many messages are in one of the states, counted by the index of those states."""
    rows = WebhookMessage.objects.filter(webhook=OuterRef("pk"), state__in=states).order_by()
    number = rows.values("webhook").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _count_ping(owner: int) -> None:
    """Raises Throttled where the owner sent enough of them."""
    try:
        left, reset = tickets.take(f"webhook-ping-{owner}", PINGS, PING_SECONDS)
    except RedisError as error:
        logger.warning("test messages are not counted, Redis does not answer: %s", error)
        return
    if left < 0:
        raise Throttled(reset, "Test messages are sent a few at a time.")
