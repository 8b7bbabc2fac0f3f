"""The neighbours of a grouping looked for on a Dask cluster: rows in shards, what they are asked of read-only on each
worker. Loaded only when somebody names a scheduler: dask is an extra.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy

from distributed import Client
from scipy import sparse

from genyin.sift.neighbours import Keys, Shard, Spread

ATTEMPTS = 5


@contextmanager
def on(scheduler: str) -> Iterator[Spread]:
    """Work spread over the workers of the scheduler at this address. Raises OSError where none answers.

    What a worker that dies was doing or keeping is done again by another one.
    """
    with Client(scheduler, timeout="5s", set_as_default=False) as client:  # type: ignore[no-untyped-call]

        def spread(
            work: Callable[[Shard, sparse.csr_matrix], Keys], shards: Sequence[Shard], shared: sparse.csr_matrix
        ) -> Iterable[Keys]:
            with warnings.catch_warnings():
                # The scheduler keeps what is sent with a task, and gives it to another worker when one dies. What is
                # scattered to the workers instead, as the library advises, is lost with the last that has it.
                warnings.filterwarnings("ignore", message="Sending large graph")
                # A function that workers know without Django: it makes what it is given a task's answer.
                held = client.submit(copy, shared, pure=False)
                asked = client.map(work, shards, [held] * len(shards), pure=False, retries=ATTEMPTS)
                found: Iterable[Keys] = client.gather(asked)
            return found

        yield spread
