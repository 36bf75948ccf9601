"""Edits of source code: text and what is wanted come in, new text goes out, or nothing where that is not safe."""
