"""A language server that answers from a code graph kept on disk.

Importing the package loads nothing else of it, so that each process pays only for the parts it uses.
``__version__`` here is the one place where the version is written; the metadata is made from it.
"""

__version__ = "0.1.0"
