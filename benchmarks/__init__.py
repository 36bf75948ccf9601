"""Times llmlint and other linters on pinned public packages; see README.md."""
