"""Makes what is on record already findable: the words of published events, and the trigrams of names."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import migrations
from django.db.models import F

from events.names import trigrams
from events.record.words import write

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    database = schema_editor.connection
    heads = apps.get_model("events", "Revision").objects.using(database.alias).filter(seq=F("event__head_id"))
    rows = heads.order_by("event_id").values_list("event_id", "payload").iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        write(database, batch)
    for model in ("ExecutiveName", "OrganizationName"):
        names = apps.get_model("events", model).objects.using(database.alias)
        found = names.order_by("pk").only("pk", "name").iterator(chunk_size=BATCH)
        while batch := list(islice(found, BATCH)):
            for row in batch:
                row.trigrams = trigrams(row.name)
            names.bulk_update(batch, ["trigrams"])


class Migration(migrations.Migration):
    dependencies = [("events", "0004_acts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
