"""A small world in which every page has something to show, and everyone who might ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from events import curation, roles
from events.choices import (
    ActKind,
    ActVerb,
    FetchOutcome,
    MailKind,
    ModelCallState,
    StepVerb,
    SuppressionReason,
    Verb,
)
from events.models.access import ApiKey, User
from events.models.acts import Act, Judgement, StepRequest
from events.models.alerts import Delivery, Mail, Subscriber, Subscription, Suppression
from events.models.candidates import Candidate, Decision, ModelCall, SourceChange
from events.models.grades import GradeAssignment
from events.models.people import Executive
from events.models.record import Case, Revision
from events.models.sources import Feed, FeedItem, FetchRun, Story
from events.models.webhooks import Webhook, WebhookMessage
from events.proposals import submitting
from events.record import publishing
from tests import scenes
from tests.access.people import KEYS, PASSWORD, SESSIONS, Person

Values = dict[str, Any]


@dataclass
class World:
    """What addresses are made from, by name, and who asks."""

    values: Values
    people: dict[Person, User]
    clients: dict[Person, Client]


def make() -> World:
    """Everything, in the database of the caller's transaction."""
    people = _people()
    values = _record() | _desk(people) | _outgoing(people)
    values |= _rest(values)
    return World(values, people, _clients(people))


def _record() -> Values:
    parent = scenes.company()
    cloud = scenes.unit("Northlake Cloud", parent)
    ladder = scenes.ladder(parent)
    person = scenes.executive()
    source = scenes.document(scenes.DEMOTION_TEXT, title="The penalties of October")
    case = Case.objects.create(title="The penalties of October", key="october")
    author, approver = scenes.curator("author"), scenes.curator("approver")
    draft = scenes.demotion(person, cloud, source, case_id=case.pk)
    revision = publishing.publish(draft, author, approver)
    feed = Feed.objects.create(url="https://feeds.example.com/a", title="A", next_poll_at=timezone.now())
    return {
        "person": person.pk,
        "organization": cloud.pk,
        "ladder": ladder.pk,
        "document": source.pk,
        "case": case.pk,
        "event": revision.event_id,
        "feed": feed.pk,
        "entity": f"person:{person.pk}",
        "executive": person.pk,
    }


def _desk(people: dict[Person, User]) -> Values:
    me = scenes.curator("one")
    event = publishing.publish(
        scenes.appointment(
            Executive.objects.get(), scenes.company("Marlow Foods"), scenes.document("Ilse van Houten joined Marlow Foods."),
            day="2024-05-01", title="CFO",
        ),
        me,
    ).event  # fmt: skip
    waiting = curation.ask(StepVerb.SEVERITY, {"event": event.pk, "severity": 4}, me, "graver than computed")
    assert isinstance(waiting, StepRequest)
    text = scenes.DEMOTION_TEXT + " Again."
    candidate = scenes.candidate(scenes.document(text), scenes.claim(text, case="c1"))
    changed = SourceChange.objects.create(candidate=candidate, document=scenes.document("It changed."))
    one, other = scenes.executive("Ada Moreau"), scenes.executive("Ada Moreaux")
    act = Act.objects.create(
        verb=ActVerb.MERGE.value, kind=ActKind.PERSON.value, source=one.pk, target=other.pk, user=me, reason="same"
    )  # fmt: skip
    judgement = Judgement.objects.create(
        kind=ActKind.PERSON.value, low=one.pk, high=other.pk, same=False, user=me
    )
    proposal, receipt = submitting.submit(event.pk, "correction", "She joined in June, not in May.")
    return {
        "request": waiting.pk,
        "candidate": candidate.pk,
        "change": changed.pk,
        "act": act.pk,
        "judgement": judgement.pk,
        "proposal": proposal.pk,
        "receipt": receipt,
    }


def _outgoing(people: dict[Person, User]) -> Values:
    """A subscriber of the public pages; and, of the owner of keys, a webhook, a message and a subscription."""
    reader = Subscriber.objects.create(email="reader@example.org", confirmed_at=timezone.now())
    owner = people[Person.WEBHOOKS]
    hook = Webhook.objects.create(owner=owner, url="https://hooks.example.com/in")
    revision = Revision.objects.earliest("seq")
    message = WebhookMessage.objects.create(webhook=hook, revision=revision, message_id="msg_1")
    own = Subscriber.objects.create(email=owner.email, confirmed_at=timezone.now())
    wish = Subscription.objects.create(subscriber=own, min_severity=3)
    mail = Mail.objects.create(subscriber=reader, kind=MailKind.ALERT.value, message_id="<1@example.org>")
    delivery = Delivery.objects.create(subscriber=reader, revision=revision, mail=mail)
    passkey = Authenticator.objects.create(
        user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    return {
        "token": reader.token,
        "webhook": hook.pk,
        "message": message.pk,
        "webhookmessage": message.pk,
        "subscription": wish.pk,
        "delivery": delivery.pk,
        "mail": mail.pk,
        "passkey": passkey.pk,
        "user": owner.pk,
        "root": people[Person.ROOT].pk,
        "subscriber": reader.pk,
    }


def _rest(values: Values) -> Values:
    """Rows of the admin's other models."""
    feed, candidate = Feed.objects.get(), Candidate.objects.get()
    unused = scenes.ladder(scenes.company("Ashford Mills"))
    key, _ = ApiKey.issue(User.objects.get(username="owner"), "a key", ["read"])
    rows = {
        "group": Group.objects.get(name=roles.CURATOR),
        "apikey": key,
        "gradeladder": unused,
        "story": Story.objects.create(),
        "feeditem": FeedItem.objects.create(feed=feed, title="An entry", guid="1"),
        "fetchrun": FetchRun.objects.create(feed=feed, outcome=FetchOutcome.UNCHANGED.value),
        "decision": Decision.objects.create(candidate=candidate, user=key.owner, verb=Verb.DEFER.value),
        "modelcall": ModelCall.objects.create(
            document=candidate.document, model="m", prompt="p", state=ModelCallState.DONE.value
        ),
        "suppression": Suppression.objects.create(digest="0" * 64, reason=SuppressionReason.BOUNCE.value),
        "gradeassignment": GradeAssignment.objects.earliest("pk"),
    }
    return {name: row.pk for name, row in rows.items()}


def _people() -> dict[Person, User]:
    """One user for each role that signs in or has a key; keys of one owner belong to one user."""
    made: dict[str, User] = {}
    for person in (*SESSIONS, *KEYS):
        name = person.user
        if not name or name in made:
            continue
        made[name] = User.objects.create_user(
            name, f"{name}@example.org", PASSWORD, is_staff=person.staff, is_superuser=person is Person.ROOT
        )
        if person.role:
            made[name].groups.add(Group.objects.get(name=person.role))
    return {person: made[person.user] for person in (*SESSIONS, *KEYS) if person.user}


def _clients(people: dict[Person, User]) -> dict[Person, Client]:
    """A browser for each who signs in, through the page for it, and a caller for each key."""
    clients = {Person.ANONYMOUS: Client()}
    for person in SESSIONS:
        if not person.user:
            continue
        client = clients[person] = Client()
        answer = client.post("/desk/login/", {"username": person.user, "password": PASSWORD})
        assert answer.status_code == 302, answer.content
    for person in KEYS:
        row, key = ApiKey.issue(people[person], person.name, list(person.scopes))
        if person is Person.REVOKED:
            ApiKey.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
        clients[person] = Client(headers={"authorization": f"Bearer {key}"})
    return clients
