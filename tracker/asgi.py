"""The ASGI application, for servers that speak it."""

import os

from django.core.asgi import get_asgi_application

from tracker.conf.logs import speak_of_outcomes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_asgi_application()
speak_of_outcomes()
