import pytest

from unslouch.testing.coach import FakeCoach
from unslouch.testing.serving import run_server


@pytest.fixture
def coach():
    return FakeCoach()


@pytest.fixture
def server(coach):
    with run_server(coach.services) as running:
        yield running
