"""All addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tracker.providers import patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("", include("tracker.web.urls")),
]
if settings.MAIL_PROVIDER:
    urlpatterns.insert(0, path("anymail/", include(patterns(settings.MAIL_PROVIDER))))
