"""Prepares the next pictures while the present one is looked at."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Prefetch(Generic[T]):
    """Runs an iterator in a thread of its own, a few items ahead.

    Parameters
    ----------
    items : the iterator; only the thread touches it from now on.
    ahead : how many items are being prepared or wait.

    Notes
    -----
    What the iterator raises is raised where the items are taken. The thread ends with the last item, or at `close`,
    which waits for it.
    """

    def __init__(self, items: Iterator[T], ahead: int = 3) -> None:
        self._items = items
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefetch")
        self._coming: deque[Future[tuple[T] | None]] = deque(self._worker.submit(self._advance) for _ in range(ahead))

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if not self._coming:
            raise StopIteration
        try:
            item = self._coming.popleft().result()
        except BaseException:
            self.close()
            raise
        if item is None:
            self.close()
            raise StopIteration
        self._coming.append(self._worker.submit(self._advance))
        return item[0]

    def close(self) -> None:
        """End the thread; what was prepared is dropped."""
        self._coming.clear()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _advance(self) -> tuple[T] | None:
        """Give the next item, packed; None at the end."""
        for item in self._items:
            return (item,)
        return None
