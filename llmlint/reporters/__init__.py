"""Renders reports: one module per format, each with `render(report, out, view)`; `formats` is their table."""
