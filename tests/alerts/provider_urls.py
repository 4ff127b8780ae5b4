"""The addresses of a deployment whose mail provider is Mailgun."""

from django.urls import include, path

from tracker.providers import patterns

urlpatterns = [path("anymail/", include(patterns("mailgun")))]
