"""The live connection: frames in, answers out, the set outlives the connection."""

import asyncio
import json
import struct
import time

import pytest
from websockets.exceptions import ConnectionClosed

from unslouch.testing.coach import FRAMES_A_REP, JPEG
from unslouch.web.coaching import KEPT_SETS
from unslouch.web.live import MAX_WAITING, Inbox
from unslouch.web.wire import FrameMessage, WireError


def send(socket, message):
    socket.send(json.dumps(message))


def receive(socket):
    return json.loads(socket.recv(5))


def wait_until(true):
    deadline_s = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def begin(socket, *, set_id="a", exercise="wave", **more):
    send(socket, {"type": "start", "set": set_id, "exercise": exercise, **more})
    return receive(socket)


def show(socket, seq, t_ms, jpeg=JPEG):
    socket.send(struct.pack("<dI", t_ms, seq) + jpeg)
    return receive(socket)


def test_frames_are_counted_and_the_set_ends_at_its_target(server, coach):
    with server.connect_as_page() as socket:
        started = begin(socket, target_reps=2)
        assert started["type"] == "started"
        assert started["reps"] == []
        assert started["set"] == "a"
        assert all(len(bone) == 2 for bone in started["skeleton"])
        answers = [show(socket, n, 1000.0 + 33.0 * n) for n in range(2 * FRAMES_A_REP)]
        assert [a["seq"] for a in answers] == list(range(2 * FRAMES_A_REP))
        assert [e["event"] for e in answers[-1]["events"]] == ["rep", "spoken", "set_finished"]
        assert answers[-1]["events"][0]["rep"]["range"]["of_reference"] is None, "JSON has no NaN"
        assert answers[-1]["status"]["sides"] == {"both": {"phase": "concentric", "range_fraction": 0.5}}
        finished = receive(socket)
        assert finished["type"] == "finished"
        assert finished["why"] == "target"
        assert finished["set"] == "a"
        assert finished["summary"]["sentence"] == "Two good repetitions."
        assert show(socket, 99, 9e9) == {"type": "idle", "seq": 99}
        assert coach.diary[0] == "opened"
    wait_until(lambda: coach.diary[-1] == "closed")


def test_the_exercises_own_dose_is_the_target(server, coach):
    with server.connect_as_page() as socket:
        begin(socket)
    assert coach.sessions[0].target == 4


def test_stop_ends_the_set_with_a_summary(server):
    with server.connect_as_page() as socket:
        begin(socket)
        show(socket, 1, 0.0)
        send(socket, {"type": "stop"})
        assert [e["event"] for e in receive(socket)["events"]] == ["set_finished"]
        assert receive(socket)["summary"]["sentence"] == "No repetition this time."


def test_a_set_goes_on_over_a_new_connection(server, coach):
    with server.connect_as_page() as socket:
        begin(socket)
        for n in range(FRAMES_A_REP):
            show(socket, n, 5000.0 + n)
    with server.connect_as_page() as socket:
        assert [rep["index"] for rep in begin(socket)["reps"]] == [1]
        show(socket, 1, 3.0)
    assert len(coach.sessions) == 1
    times_s = coach.sessions[0].times_s
    assert times_s == sorted(set(times_s)), "the capture clock grows over connections"


def test_a_pause_is_no_time_at_all(server, coach):
    with server.connect_as_page() as socket:
        begin(socket)
        show(socket, 1, 100.0)
        begin(socket)
        show(socket, 2, 60_000.0)
        show(socket, 3, 60_100.0)
    first, second, third = coach.sessions[0].times_s
    assert second - first == pytest.approx(1 / 30)
    assert third - second == pytest.approx(0.1)


def test_old_sets_are_forgotten(server, coach):
    with server.connect_as_page() as socket:
        for n in range(KEPT_SETS + 1):
            begin(socket, set_id=str(n))
        begin(socket, set_id="0")
    assert len(coach.sessions) == KEPT_SETS + 2


def test_a_broken_picture_is_a_sentence_and_the_set_survives(server):
    with server.connect_as_page() as socket:
        begin(socket)
        trouble = show(socket, 1, 0.0, jpeg=b"text")
        assert trouble["type"] == "trouble"
        assert trouble["sentence"].endswith("The camera sent a picture that cannot be read.")
        assert show(socket, 2, 40.0)["type"] == "frame"


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        "[]",
        json.dumps({"type": "dance"}),
        json.dumps({"type": "start", "set": "a", "exercise": "unknown"}),
        json.dumps({"type": "start", "exercise": "wave"}),
        json.dumps({"type": "start", "set": "a", "exercise": "wave", "target_reps": -1}),
        b"short",
        struct.pack("<dI", float("nan"), 1) + JPEG,
    ],
)
def test_what_is_not_understood_ends_the_connection_with_a_reason(server, message):
    with server.connect_as_page() as socket:
        socket.send(message)
        with pytest.raises(ConnectionClosed) as refusal:
            receive(socket)
        assert refusal.value.rcvd.code == 1003
        assert refusal.value.rcvd.reason.startswith("Not understood: ")


async def drain(inbox, count):
    return [await inbox.get() for _ in range(count)]


def test_the_newest_frame_wins_and_commands_keep_their_place():
    async def scenario():
        inbox = Inbox()
        for message in (
            FrameMessage(1.0, 1, b""),
            FrameMessage(2.0, 2, b""),
            {"type": "stop"},
            FrameMessage(3.0, 3, b""),
            FrameMessage(4.0, 4, b""),
        ):
            inbox.put(message)
        return await drain(inbox, 3)

    first, command, last = asyncio.run(scenario())
    assert (first.seq, command, last.seq) == (2, {"type": "stop"}, 4)


def test_an_inbox_has_an_end():
    inbox = Inbox()
    for _ in range(MAX_WAITING):
        inbox.put({"type": "stop"})
    with pytest.raises(WireError):
        inbox.put({"type": "stop"})
