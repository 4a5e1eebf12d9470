"""`python -m notecast`."""

import sys

from notecast.cli import main

if __name__ == "__main__":
    sys.exit(main())
