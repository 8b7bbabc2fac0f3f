"""The web application as a WSGI server takes it."""

from genyin.cli.main import prepare

prepare()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (Django must know its settings first)

application = get_wsgi_application()
