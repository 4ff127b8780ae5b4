"""Forms of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """A name and a password. The name's field is called `username`, as password managers and our addresses know it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update(autocapitalize="none", autofocus=True, maxlength=150)
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """The name of a field in the page."""
        name: str = super().add_prefix(field_name)
        return "username" if name == "login" else name
