"""One live connection: the newest frame wins, the looking happens in a thread of its own."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from unslouch.ports import PoseEstimator, SourceError
from unslouch.web.coaching import LiveSet, LiveSets
from unslouch.web.services import CoachServices
from unslouch.web.wire import FrameMessage, WireError, parse_frame

MAX_WAITING = 32
"""Commands that may wait; a page that sends more is not ours."""

Answer = dict[str, Any]
Message = FrameMessage | dict[str, Any]


class Inbox:
    """What the page sent and nobody has looked at yet; a new frame replaces one that still waits."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._arrived = asyncio.Event()

    def put(self, message: Message) -> None:
        """Add a message in its order."""
        if isinstance(message, FrameMessage) and self._waiting and isinstance(self._waiting[-1], FrameMessage):
            self._waiting.pop()
        if len(self._waiting) >= MAX_WAITING:
            raise WireError("too many messages wait")
        self._waiting.append(message)
        self._arrived.set()

    async def get(self) -> Message:
        """Wait for the next message."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()


class Worker:
    """Everything that blocks; every method runs in the connection's one thread."""

    def __init__(self, coach: CoachServices, sets: LiveSets) -> None:
        self._coach = coach
        self._sets = sets
        self._estimator: PoseEstimator | None = None
        self._set: LiveSet | None = None

    def answer(self, message: Message) -> list[Answer]:
        """Do what the message asks; returns what to send back."""
        if isinstance(message, FrameMessage):
            return self._frame(message)
        match message.get("type"):
            case "prepare":
                self._open_estimator()
                return [{"type": "prepared"}]
            case "start":
                return self._start(message)
            case "stop":
                return self._stop()
            case other:
                raise WireError(f"no message is called {other!r}")

    def close(self) -> None:
        """Free the networks; the set stays for a page that comes back."""
        if self._estimator is not None:
            self._estimator.close()
            self._estimator = None

    def _open_estimator(self) -> PoseEstimator:
        if self._estimator is None:
            self._estimator = self._coach.open_estimator()
        return self._estimator

    def _start(self, message: dict[str, Any]) -> list[Answer]:
        exercise = self._coach.load_exercises().get(str(message.get("exercise")))
        set_id, target = message.get("set"), message.get("target_reps")
        if exercise is None:
            raise WireError(f"there is no exercise called {message.get('exercise')!r}")
        if not isinstance(set_id, str) or not 0 < len(set_id) <= 64:
            raise WireError("a set needs an id")
        if not (target is None or (isinstance(target, int) and 0 < target <= 1000)):
            raise WireError("a target is a number of repetitions")
        self._set = self._sets.find_or_open(set_id, exercise, target)
        self._open_estimator().reset()
        return self._named([{"type": "started", **self._set.describe()}, *self._ending()])

    def _frame(self, message: FrameMessage) -> list[Answer]:
        if self._set is None or self._set.finished is not None:
            return [{"type": "idle", "seq": message.seq}]
        image = self._coach.decode_jpeg(message.jpeg)
        return self._named([self._set.step(message, image, self._open_estimator()), *self._ending()])

    def _stop(self) -> list[Answer]:
        if self._set is None:
            return []
        events = self._set.stop()
        return self._named([{"type": "events", "events": events}, *self._ending()])

    def _named(self, answers: list[Answer]) -> list[Answer]:
        """Say of which set they speak, so that the page never takes them for another."""
        return [{**answer, "set": self._set.id} for answer in answers] if self._set else answers

    def _ending(self) -> list[Answer]:
        if self._set is None or self._set.finished is None:
            return []
        return [{"type": "finished", "why": self._set.finished.why.value, "summary": self._set.summarise()}]


async def serve_live(socket: WebSocket, coach: CoachServices, sets: LiveSets) -> None:
    """Answer one page until it leaves."""
    await socket.accept()
    worker, inbox = Worker(coach, sets), Inbox()
    with ThreadPoolExecutor(1, thread_name_prefix="unslouch-live") as thread:
        answering = asyncio.create_task(_answer_all(socket, inbox, worker, thread))
        try:
            await _receive_all(socket, inbox, answering)
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, WebSocketDisconnected):
                await answering
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(thread, worker.close))


async def _receive_all(socket: WebSocket, inbox: Inbox, answering: asyncio.Task[None]) -> None:
    while not answering.done():
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            inbox.put(_parse(message))
        except WireError as error:
            await _refuse(socket, error)
            return


def _parse(message: Any) -> Message:
    if message.get("bytes") is not None:
        return parse_frame(message["bytes"])
    try:
        command = json.loads(message["text"])
    except json.JSONDecodeError as error:
        raise WireError("a message is not JSON") from error
    if not isinstance(command, dict):
        raise WireError("a message must be an object")
    return command


async def _answer_all(socket: WebSocket, inbox: Inbox, worker: Worker, thread: ThreadPoolExecutor) -> None:
    loop = asyncio.get_running_loop()
    while True:
        message = await inbox.get()
        try:
            answers = await loop.run_in_executor(thread, worker.answer, message)
        except WireError as error:
            await _refuse(socket, error)
            return
        except (SourceError, OSError, ImportError, RuntimeError) as error:
            answers = [{"type": "trouble", "sentence": f"The coach cannot look at the picture: {error}"}]
        for answer in answers:
            await socket.send_text(json.dumps(answer, separators=(",", ":"), allow_nan=False))


async def _refuse(socket: WebSocket, error: WireError) -> None:
    await socket.close(code=1003, reason=f"Not understood: {error}"[:120])
