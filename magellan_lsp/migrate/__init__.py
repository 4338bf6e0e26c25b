"""Magellan's databases: telling what a file is, reading one, taking one over, and giving one back.

``formats`` looks at header bytes; ``original`` opens a database without touching it; ``copying`` moves its rows into
a store and back, and ``verify`` compares them; ``convert`` is what the command does with files; ``hydrate`` makes
answers of the rows that a store holds; ``automatic`` does it for a workspace that is opened.

The rows travel as they are (``rows``): a table at a time, in blocks, ids included. So what Magellan of any version
keeps is kept, and what goes back is what came.
"""
