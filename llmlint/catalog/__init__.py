"""What llmlint knows about providers, models and the Python world: YAML files in, a `Catalog` out.

`llmlint.catalog.catalog` lists the API. `llmlint.catalog.loading.load_catalog` reads the files; it is apart,
so that a run which finds the compiled catalogue in the cache imports neither YAML nor validation.
"""

from llmlint.catalog.catalog import Catalog, decode_catalog
from llmlint.catalog.hosts import HOLE

__all__ = ["HOLE", "Catalog", "decode_catalog"]
