"""The page's web application: a few files, two lists and one live connection."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from unslouch.core.exercise import Exercise
from unslouch.web.coaching import LiveSets
from unslouch.web.guard import Guard
from unslouch.web.live import serve_live
from unslouch.web.services import CoachServices

STATIC = Path(__file__).parent / "static"
CLIP_LIST = "clips.toml"


def create_app(coach: CoachServices) -> Starlette:
    """Build the application; nothing is loaded before it is asked for."""
    sets = LiveSets(coach)

    async def page(_request: Request) -> FileResponse:
        return FileResponse(STATIC / "index.html")

    async def exercises(_request: Request) -> JSONResponse:
        catalogue = await run_in_threadpool(coach.load_exercises)
        return JSONResponse([describe_exercise(exercise) for exercise in catalogue.values()])

    async def clips(_request: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(list_clips, coach.clips))

    async def live(socket: WebSocket) -> None:
        await serve_live(socket, coach, sets)

    routes: list[BaseRoute] = [
        Route("/", page),
        Route("/api/exercises", exercises),
        Route("/api/clips", clips),
        WebSocketRoute("/live", live),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    if coach.clips is not None and coach.clips.is_dir():
        routes.append(Mount("/clips", StaticFiles(directory=coach.clips)))
    return Starlette(routes=routes, middleware=[Middleware(Guard)])


def describe_exercise(exercise: Exercise) -> dict[str, Any]:
    """Pick what the page shows of an exercise."""
    low, high = exercise.dose.reps
    return {
        "id": exercise.id,
        "name": exercise.name,
        "purpose": exercise.purpose,
        "setup": list(exercise.setup),
        "reps": [low, high],
        "one_sided": exercise.one_sided,
    }


def list_clips(folder: Path | None) -> list[dict[str, str]]:
    """Read the bundled clips: `[[clip]]` tables with `file`, `exercise` and `title`."""
    listing = folder / CLIP_LIST if folder is not None else None
    if listing is None or not listing.is_file():
        return []
    tables = tomllib.loads(listing.read_text(encoding="utf-8")).get("clip", [])
    there = [table for table in tables if (listing.parent / table["file"]).is_file()]
    return [{"url": f"/clips/{t['file']}", "exercise": t["exercise"], "title": t["title"]} for t in there]
