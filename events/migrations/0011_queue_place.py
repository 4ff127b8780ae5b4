"""The queue's order with its last part, the oldest first, turned round: a place in it is then one comparison of rows,
read off the index from that place on. The indexes are made while the desk and extraction go on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0010_queue")]

    operations = [
        AddIndexConcurrently(
            model_name="candidate",
            index=models.Index(F("severity").desc(), F("novelty").desc(), F("confidence").desc(), (F("id") * -1).desc(), include=["state", "deferred_until"], condition=Q(state__in=("open", "deferred")), name="candidate_waits"),
        ),
        AddIndexConcurrently(
            model_name="candidate",
            index=models.Index("state", F("severity").desc(), F("novelty").desc(), F("confidence").desc(), (F("id") * -1).desc(), name="candidate_place"),
        ),
        RemoveIndexConcurrently(model_name="candidate", name="candidate_waiting"),
    ]
