"""Call sites, dated prices and assumptions come in; what every call costs, and why that isn't known, goes out."""

from llmlint.cost.pricing import Pricing, priced
from llmlint.cost.records import Assumptions, CallCost, CostOverride, CostReport, CostSettings, Range

__all__ = ["Assumptions", "CallCost", "CostOverride", "CostReport", "CostSettings", "Pricing", "Range", "priced"]
