"""The command line: one thin file per subcommand, over the ``query`` and ``indexer`` that the server uses.

``main.py`` finds the command and turns errors into exit codes; ``commands.py`` lists the commands. A
command's file has ``add_arguments(parser)`` and ``run(options, out)``, which gives the exit code, and is
imported only when it runs. ``docs/cli.md`` is the reference, ``tests/cli/`` has the tests.
"""
