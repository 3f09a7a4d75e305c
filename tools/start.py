"""Sets up what a verb needs, then does it: python3 tools/start.py VERB [ARGUMENTS].

Needs nothing but Python, and runs on any Python 3 far enough to say which one is needed.
"""

import os
import platform
import subprocess
import sys

NEEDED = ((3, 11), (3, 12), (3, 13))


def find_fitting_python() -> "list[str] | None":
    """Find another installed Python that fits; None if there is none."""
    for major, minor in reversed(NEEDED):
        version = "%d.%d" % (major, minor)
        command = ["py", "-" + version] if os.name == "nt" else ["python" + version]
        try:
            subprocess.check_output(command + ["-c", "import sys"], stderr=subprocess.STDOUT)
        except (OSError, subprocess.CalledProcessError):
            continue
        return command
    return None


def start(arguments: "list[str]") -> "int | str":
    """Do the verb with a fitting Python; return the exit code."""
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return "unslouch: the pose network's runtime (LiteRT) has no build for Macs with Intel processors."
    if sys.version_info[:2] in NEEDED:
        from verbs import main

        return main(arguments)
    command = find_fitting_python()
    if command is None:
        ours = "%d.%d" % sys.version_info[:2]
        return "unslouch: Python 3.11, 3.12 or 3.13 is needed and this is %s; install one of them and try again." % ours
    return subprocess.call(command + [os.path.abspath(__file__)] + arguments)


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
