"""One file per family of LSP methods, named as LSP names it, and one per request beyond LSP.

A file's ``register(server)`` makes the server answer its methods. An ``answer`` runs in a thread, on one
state of a
folder: from LSP, ask, to LSP; what is more than that belongs in ``query``.
"""
