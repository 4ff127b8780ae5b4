"""All addresses."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from tracker.providers import patterns

urlpatterns: list[URLPattern | URLResolver] = [
    # One page of signing in for the desk and the admin; allauth finds it by these names.
    path("admin/login/", secure_admin_login(admin.site.login), name="admin_login"),
    path("admin/logout/", account.logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("desk/login/", account.login, name="account_login"),
    path("desk/logout/", account.logout, name="account_logout"),
    path("accounts/", include("tracker.web.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("", include("tracker.web.urls")),
]
if settings.MAIL_PROVIDER:
    urlpatterns.insert(0, path("anymail/", include(patterns(settings.MAIL_PROVIDER))))
