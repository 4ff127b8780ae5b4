"""The command: `python -m tests.bench [NAME]`."""

from tests.bench.runner import main

raise SystemExit(main())
