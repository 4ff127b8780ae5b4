"""A record that fills the public pages: units of units, long names, peers' figures, releases, a case with many members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from events.choices import Kind, PartyType, Role, Status
from events.dates import PartialDate
from events.models.organizations import Organization, OrganizationName
from events.models.record import Case, Event
from events.record import publishing
from events.record.draft import Draft, DraftOrganization, DraftParty
from tests import scenes
from tests.web.conftest import Scene

LONG = "Committee for the Examination of Irregularities in the Procurement of Interferometers"
MEMBERS = 31


@dataclass
class Rich:
    """The rows that tests name."""

    scene: Scene
    peer: Organization
    team: Organization
    case: Case
    many: Event


def fill(scene: Scene) -> Rich:
    """Publishes it around the small record."""
    team = scenes.unit("Model Team", scene.cloud)
    scenes.unit(LONG, scene.parent)
    peer = scenes.company("Southlake Cloud")
    OrganizationName.objects.create(organization=peer, name="南湖云", type="native", language="zh-Hans")
    figures(scene, scene.cloud, value=38_523_000_000, change=0.085)
    figures(scene, peer, value=12_000_000_000, change=0.6, change_qualifier="more_than")
    figures(scene, scenes.company("Eastlake Cloud"), value=9_000_000_000, change=-0.04)
    for name, day in (("Heron 1", "2024-01-10"), ("Heron 2", "2024-07-01"), ("Heron 3", "2025-02-01")):
        release(scene, scene.cloud, name, day)
    release(scene, peer, "Egret 1", "2025-03-01")
    case = Case.objects.create(title="Decision of the Conduct Committee", key="rich")
    for number in range(MEMBERS):
        person = scenes.executive(f"Member {number}")
        draft = scenes.demotion(person, scene.cloud, scene.source, case_id=case.pk)
        publishing.publish(draft, scene.author, scene.approver)
    return Rich(scene, peer, team, case, with_many_parties(scene, team))


def with_many_parties(scene: Scene, unit: Organization) -> Event:
    """A restructuring that names forty organizations."""
    named = [scenes.company(f"{LONG} {number}") for number in range(40)]
    draft = scenes.reorganization("restructuring", unit, scene.source, day="2025-03-01", counterparty=named)
    return publishing.publish(draft, scene.author).event


def figures(
    scene: Scene, organization: Organization, assertion: Status = Status.REPORTED, **measure: Any
) -> Event:
    """A result of 2024 with revenue and its growth."""
    draft = Draft(
        kind=Kind.PERFORMANCE,
        action="result",
        subject=DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, organization.name, organization.pk),
        dates={"announced": PartialDate(date(2025, 3, 31))},
        assertion=assertion,
        measures=({"metric": "revenue", "currency": "USD", "period": "2024", **measure},),
        evidence=(scenes.whole(scene.source),),
    )
    return publishing.publish(draft, scene.author).event


def release(scene: Scene, organization: Organization, name: str, day: str) -> Event:
    """A product put out."""
    draft = Draft(
        kind=Kind.PRODUCT,
        action="release",
        subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, name),
        organization=DraftOrganization(organization.name, organization.pk),
        dates={"occurred": PartialDate.parse(day)},
        evidence=(scenes.whole(scene.source),),
    )
    return publishing.publish(draft, scene.author).event


def addresses(rich: Rich) -> list[str]:
    """Every sort of public page, also filtered, turned back in time, and of much."""
    scene = rich.scene
    person, cloud, parent = (row.pk for row in (scene.person, scene.cloud, scene.parent))
    return [
        "/",
        "/events/",
        "/events/?kind=discipline&min_severity=3&date_after=2025-01-01",
        f"/people/{person}/",
        f"/people/{person}/?known_at=2100-01-01",
        f"/people/{person}/?valid_at=2025-12-01&known_at=2100-01-01&kind=discipline",
        f"/people/{person}/?kind=sanction",
        f"/organizations/{cloud}/",
        f"/organizations/{cloud}/?kind=performance",
        f"/organizations/{cloud}/?known_at=2100-01-01",
        f"/organizations/{parent}/",
        f"/organizations/{parent}/?valid_at=2025-06-01&known_at=2100-01-01&status=reported",
        f"/events/{scene.demotion.pk}/",
        f"/events/{scene.allegation.pk}/",
        f"/events/{rich.many.pk}/",
        f"/events/{scene.demotion.pk}/proposal/",
        f"/cases/{rich.case.pk}/",
        f"/cases/{rich.case.pk}/?page=2",
        "/search/",
        "/search/?q=Northlake",
        "/search/?q=nothing+at+all",
        "/changes/",
        "/about/",
        "/method/",
        "/corrections/",
        "/no-such-page/",
    ]
