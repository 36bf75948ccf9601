"""What stands around a call: loops, roles, entry points, and what an iteration carries to the next."""
