"""A tracker in a painted room."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Tests are imported by path, without packages: bring the painted people in under a name of their own.
_SPEC = importlib.util.spec_from_file_location("painted_people", Path(__file__).with_name("people.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules["painted_people"] = _MODULE
_SPEC.loader.exec_module(_MODULE)
