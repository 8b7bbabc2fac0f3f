"""The neighbours of a grouping looked for on a Dask cluster: rows in shards, what they are asked of read-only on each
worker. Loaded only when somebody names a scheduler: dask is an extra.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from distributed import Client
from distributed.client import FutureCancelledError
from scipy import sparse

from genyin.sift.neighbours import Keys, Shard, Spread

ATTEMPTS = 5

Work = Callable[[Shard, sparse.csr_matrix], Keys]


@contextmanager
def on(scheduler: str) -> Iterator[Spread]:
    """Work spread over the workers of the scheduler at this address. Raises OSError where none answers.

    What a worker that dies was doing is done again by another one. Only when the last copy of the shared rows dies
    with it is everything of that round sent out anew.
    """
    with Client(scheduler, timeout="5s", set_as_default=False) as client:  # type: ignore[no-untyped-call]

        def spread(work: Work, shards: Sequence[Shard], shared: sparse.csr_matrix) -> Iterable[Keys]:
            for _attempt in range(ATTEMPTS - 1):
                try:
                    return _once(client, work, shards, shared)
                except FutureCancelledError:
                    client.wait_for_workers(1, timeout=60)
            return _once(client, work, shards, shared)

        yield spread


def _once(client: Client, work: Work, shards: Sequence[Shard], shared: sparse.csr_matrix) -> Iterable[Keys]:
    held = client.scatter(shared, broadcast=True)  # type: ignore[no-untyped-call]
    asked = client.map(work, shards, [held] * len(shards), pure=False, retries=ATTEMPTS)
    found: Iterable[Keys] = client.gather(asked)  # type: ignore[no-untyped-call]
    return found
