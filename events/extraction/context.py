"""What is known of a document besides its text: the form that it was filed on, the form's items, and whose filing it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"\b(?:Form |FORM |SEC )?(?P<form>8-K)(?:/A)?\b")
_ITEMS = re.compile(r"\b[Ii](?:tem|TEM)s? (?P<items>\d\.\d\d(?:(?:, | and |; )\d\.\d\d)*)")
_HEADING = re.compile(r"^\W*(?:ITEM|Item)\s+(?P<item>\d\.\d\d)\b", re.MULTILINE)
_COVER = re.compile(r"\b(?:FORM|Form) 8-K\b")
_HEAD = 3000
"""Code points of a text's beginning that a cover page fills."""


@dataclass(frozen=True)
class Context:
    """`form` such as "8-K" ("" where unknown), `items` such as ("5.02",), and the filing company's name."""

    form: str = ""
    items: tuple[str, ...] = ()
    company: str = ""

    @property
    def filing(self) -> bool:
        """Whether the document is a current report to the Securities and Exchange Commission."""
        return self.form == "8-K"


def context_of(source: str, text: str) -> Context:
    """What a source's words ("SEC 8-K item 5.02, NORTHLAKE CORP") and a text's own headings say of it."""
    form = _FORM.search(source)
    headed = "Item" in text or "ITEM" in text  # a cheap look before one at every line
    headings = tuple(dict.fromkeys(match["item"] for match in _HEADING.finditer(text))) if headed else ()
    if not form and not (headings and ("5.02" in headings or _COVER.search(text, 0, _HEAD))):
        return Context()
    named = _ITEMS.search(source)
    items = re.findall(r"\d\.\d\d", named["items"]) if named else []
    end = named.end() if named else form.end() if form else len(source)
    company = source[end:].strip(" ,:;-\n")
    return Context("8-K", tuple(dict.fromkeys([*items, *headings])), company)
