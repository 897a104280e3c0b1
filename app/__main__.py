"""`python -m app`, which bin/tandem runs."""

import sys

from app.cli import main

sys.exit(main(sys.argv[1:]))
