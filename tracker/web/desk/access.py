"""Who may use the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from events.models.access import User

FEEDS = gettext_lazy("This page is for staff who may work on feeds.")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def curators_only(view: View[P]) -> View[P]:
    """Sends anonymous readers to the sign-in page, refuses (403) whoever is not staff that may curate.

    What the desk shows is not public, so that no cache may keep it.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("desk:login"))
        if not may_curate(curator(request)):
            raise PermissionDenied(gettext("The desk is for curators: staff with the permission to curate."))
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def staff_with(permission: str, refusal: str | Promise = FEEDS) -> Callable[[View[P]], View[P]]:
    """Sends anonymous readers to the sign-in page, refuses (403) whoever is not staff with that permission."""

    def decorate(view: View[P]) -> View[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("desk:login"))
            user = curator(request)
            if not (user.is_active and user.is_staff and user.has_perm(permission)):
                raise PermissionDenied(str(refusal))
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def may_curate(user: User) -> bool:
    """Whether the user may work at the desk."""
    return user.is_active and user.is_staff and user.has_perm("events.curate")


def curator(request: HttpRequest) -> User:
    """The signed-in user of a view that asked for one."""
    return cast("User", request.user)
