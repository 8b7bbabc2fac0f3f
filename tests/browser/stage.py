"""Builds the cast in the database that GENYIN_HOME names: `python -m tests.browser.stage`, in a process of its own."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (Django must be set up first)

from genyin.base.actor import job  # noqa: E402
from genyin.people.actions import set_password  # noqa: E402
from genyin.trends import runs  # noqa: E402
from tests.cast import ADMIN, PASSWORD, assemble  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cast = assemble()
    for user in cast.users.values():
        set_password(user, password=PASSWORD, by=ADMIN)
    for title in ("Core switch restarts at night", "Core switch restarts again", "核心交换机夜间重启"):
        cast.incident(title)
    for place in ("ward 3", "ward 9", "the pharmacy"):
        cast.incident(f"Label printer of {place} prints blank labels")
    runs.run(by=job("trends"))  # a candidate to decide on
