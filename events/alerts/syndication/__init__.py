"""Saved searches as feeds: Atom, JSON Feed and iCalendar. A correction or retraction updates its event's entry."""
