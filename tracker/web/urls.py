"""All addresses of the HTML faces, mounted at the root."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from tracker.web import push
from tracker.web.desk import urls as desk
from tracker.web.public import proposals
from tracker.web.public import urls as public
from tracker.web.subscribers import urls as subscribers

# Choosing a language changes nothing but a cookie of the reader's, and so needs no token: public pages stay
# the same for everyone, and caches may keep them.
web = [
    *public.urlpatterns,
    *proposals.urlpatterns,
    *subscribers.urlpatterns,
    *push.urlpatterns,
    path("language/", csrf_exempt(set_language), name="language"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include((desk.urlpatterns, "desk"))),
    path("", include((web, "web"))),
]
