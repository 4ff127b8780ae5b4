"""One service for all, through which the demo's news has gone once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.local.helpers import Stack, finish, use
from tests.seeing.world import DJANGO, METRICS_TOKEN, World, wait_for
from tracker.local.feedserver import serving as serving_feeds
from tracker.local.mailcatcher import catching as catching_mail
from tracker.local.occupancy import listen
from tracker.local.paths import CHECKOUT
from tracker.local.readiness import HttpReady
from tracker.local.services import beat, gunicorn, worker
from tracker.local.supervisor import Service, Supervisor

DEMO = CHECKOUT / "fixtures" / "demo"
NEWS = CHECKOUT / "fixtures" / "feeds" / "demo"
BEGIN = f"""
from events.intake.demo import load_demo
from events.models.access import ApiKey
from events.models.alerts import Subscriber
from events.models.sources import Feed
loaded = load_demo(Path({str(DEMO)!r}), accounts=True)
Feed.objects.create(url={{url!r}}, title="Demo newsstand")
for curator in loaded.curators[:2]:
    print(ApiKey.issue(curator, "test", ["read", "review"])[1])
print(Subscriber.objects.get(email="reader@example.org").token)
"""
CHOOSE = """
from events import curation
from events.models.candidates import Candidate
found = Candidate.objects.filter(action="demotion", state="open", subject_executive__isnull=False).order_by("id")
print(curation.refresh(found[0].id).id if found else 0)
"""


@pytest.fixture(scope="package")
def own_stack() -> Iterator[Stack]:
    """Servers that nobody else uses."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    stack = Stack(folder / "stack")
    yield stack
    stack.close()
    shutil.rmtree(stack.layout.sockets, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def migrated_stack(own_stack: Stack) -> Stack:
    """Those servers, with the tables of this version."""
    own_stack.run(
        f"{DJANGO}from django.core.management import call_command; call_command('migrate', verbosity=0)"
    )
    return own_stack


@pytest.fixture(scope="package")
def world(migrated_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two web processes, a worker and the clock, which log as in production, on an empty record."""
    folder = tmp_path_factory.mktemp("world")
    user = use(migrated_stack)
    with (
        serving_feeds(NEWS) as feeds,
        catching_mail(folder / "mail") as mail_port,
        listen(0, explicit=True) as listener,
    ):
        env = {
            # The tests' settings would give each process of pytest-xdist a directory of its own.
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "TRACKER_LOCAL_DIR": str(migrated_stack.layout.root),
            "LOG_FORMAT": "json",
            "METRICS_TOKEN": METRICS_TOKEN,
            "METRICS_CACHE_SECONDS": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "FETCH_ALLOWED_HOSTS": feeds.address.removeprefix("http://"),
            "TICK_SECONDS": "2",
        }
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # An access log is asked for, too: it must hide what it is given.
        argv = gunicorn(
            f"--bind=fd://{listener.fileno()}", "--workers=2", "--threads=4", "--access-logfile=-"
        )
        web = Service("web", argv, env=env, ready=HttpReady(f"{base}/healthz"), pass_fds=[listener.fileno()])
        others = [Service(s.name, s.argv, env=env, ready=s.ready) for s in (worker(), beat(folder / "beat"))]
        with Supervisor([web, *others], log_directory=folder / "logs", echo=False) as supervisor:
            found = World(migrated_stack, base, folder, env, supervisor)
            found.env["FEED"] = f"{feeds.address}/feed.xml"
            yield found
    finish(user)


@pytest.fixture(scope="package")
def news(world: World) -> World:
    """The service after a piece of news has gone from its feed to a reader's mail, by two curators' requests."""
    first, second, token = world.run(BEGIN.format(url=world.env["FEED"])).split()
    world.secrets += [first, second, token]
    candidate = 0

    def proposed() -> int:
        nonlocal candidate
        candidate = int(world.run(CHOOSE))
        return candidate

    wait_for("the demotion to be proposed", proposed)
    for key, step in ((first, "accept"), (second, "approve")):
        answer = httpx.post(
            f"{world.base}/api/v1/review/candidates/{candidate}/{step}/",
            json={},
            headers={"Authorization": f"Bearer {key}", "X-Request-ID": f"curator.{step}-1"},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
    wait_for("the alert", lambda: any("22A" in subject for subject in world.mails()))
    wait_for("the line of the alert", lambda: world.said("mail.sent", kind="alert"))
    return world
