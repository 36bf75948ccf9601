"""llmlint: finds OpenAI calls in Python code, works out what they send, and applies policy to them."""

__version__ = "0.1.0"
