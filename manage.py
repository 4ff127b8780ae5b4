#!/usr/bin/env python
"""The project's commands; `python manage.py help` lists them."""

import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Run the command line; an embedded server that cannot start is one clear message and status 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    # An entry of sys.path already when run as a script, not when a test runs this file by its path.
    if (root := str(Path(__file__).resolve().parent)) not in sys.path:
        sys.path.insert(0, root)
    from django.core.management import execute_from_command_line

    from tracker.local import LocalStackError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except LocalStackError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # The reader of our output, such as `head`, has gone. Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


if __name__ == "__main__":
    main()
