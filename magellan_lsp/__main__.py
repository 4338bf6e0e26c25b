"""``python -m magellan_lsp`` does what the command ``magellan-lsp`` does."""

import sys

from magellan_lsp.cli.main import main

# Worker processes started with "spawn" import this module under another name and must not run it.
if __name__ == "__main__":
    sys.exit(main())
