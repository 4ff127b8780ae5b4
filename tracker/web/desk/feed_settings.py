"""What a curator sets of a feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import FeedState
from events.feeds.store import bounds
from events.models.sources import Feed
from tracker.web.desk.feed_adding import LANGUAGE_TAG

MOST_MINUTES = 7 * 24 * 60


class SettingsForm(forms.Form):
    """Title, language, minutes between two polls, and whether the feed is polled at all."""

    title = forms.CharField(
        max_length=300, required=False, label=_("Title"), help_text=_("Empty: the feed's own.")
    )
    language = forms.CharField(
        max_length=10,
        required=False,
        validators=[LANGUAGE_TAG],
        label=_("Language"),
        help_text=_("Empty: found out by article."),
    )
    interval = forms.IntegerField(
        required=False,
        max_value=MOST_MINUTES,
        label=_("Minutes between two polls"),
        help_text=_("Empty: by the feed's own rhythm."),
    )
    is_active = forms.BooleanField(required=False, label=_("Is polled"))

    def clean_interval(self) -> timedelta | None:
        """The interval, None for the feed's own rhythm. Raises ValidationError below the deployment's shortest."""
        minutes: int | None = self.cleaned_data["interval"]
        if minutes is None:
            return None
        shortest = int(bounds().shortest.total_seconds() // 60)
        if minutes < shortest:
            raise forms.ValidationError(_("At least %(n)d minutes."), params={"n": shortest})
        return timedelta(minutes=minutes)

    def clean_title(self) -> str:
        """The title without characters that the database cannot hold."""
        return str(self.cleaned_data["title"]).replace("\0", "").strip()

    @staticmethod
    def values(row: Feed) -> dict[str, Any]:
        """What stands in the fields of a feed as it is."""
        return {
            "title": row.title,
            "language": row.language,
            "interval": round(row.interval.total_seconds() / 60) if row.interval else None,
            "is_active": row.is_active,
        }


def save_settings(row: Feed, form: SettingsForm) -> None:
    """Writes a valid form's values. Only these columns: a worker may be polling the feed.

    Switched on, the feed is as good as new and due at once; with another interval, its next poll is set by that.
    """
    said = form.cleaned_data
    now = timezone.now()
    values: dict[str, Any] = {
        "title": said["title"],
        "language": said["language"],
        "interval": said["interval"],
        "is_active": said["is_active"],
    }
    if said["is_active"] and not row.is_active:
        values |= {"state": FeedState.NEW.value, "failures": 0, "error": "", "next_poll_at": now}
    elif row.is_active and not said["is_active"]:
        values["state"] = FeedState.PAUSED.value
    elif said["interval"] is not None and said["interval"] != row.interval:
        values["next_poll_at"] = min(row.next_poll_at, now + said["interval"])
    Feed.objects.filter(pk=row.pk).update(**values)
