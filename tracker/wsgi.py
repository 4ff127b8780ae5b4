"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from tracker.conf.logs import speak_of_outcomes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# A reader's question may not hold the database for longer; migrations and workers are under no such limit.
os.environ.setdefault("STATEMENT_SECONDS", "30")
application = get_wsgi_application()
speak_of_outcomes()
