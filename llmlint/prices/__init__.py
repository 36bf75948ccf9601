"""Prices newer than the catalogue's: fetched when somebody asks, kept for this user, and laid over the catalogue."""
