"""The web application as a WSGI server takes it."""

from genyin.cli.main import prepare

prepare()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (Django must know its settings first)
from django.urls import get_resolver  # noqa: E402

application = get_wsgi_application()
# Every page is loaded now, once, rather than by each process of the server while somebody waits for its first answer.
PAGES = len(get_resolver().url_patterns)
