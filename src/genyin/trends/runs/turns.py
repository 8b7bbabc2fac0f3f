"""Who writes families and candidates waits for who does so already."""

from genyin.procedure.models import ProcedureVersion


def take() -> None:
    """Wait for the turn; call first in the transaction.

    A statement of its own, so that what is read next was written by whoever was waited for. The first version is there
    before the first run, and registering a problem does not wait for it.
    """
    ProcedureVersion.objects.select_for_update(no_key=True).order_by("number").first()
