"""Several verbs at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection

from genyin.base.errors import GenyinError

PATIENCE = 60  # seconds until a verb must have ended


def at_once(*verbs: Callable[[], object]) -> list[GenyinError]:
    """Run the verbs in a thread each and answer what was refused. Whatever else one raises is raised here."""
    ready = threading.Barrier(len(verbs))
    refused, broken = list[GenyinError](), list[Exception]()

    def work(verb: Callable[[], object]) -> None:
        try:
            ready.wait(PATIENCE)
            verb()
        except GenyinError as refusal:
            refused.append(refusal)
        except Exception as failure:  # noqa: BLE001 (shown in the test's own thread)
            broken.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if broken:
        raise broken[0]
    return refused
