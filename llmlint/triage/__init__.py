"""Triage: sets the status of findings from the comments in the code; tells what is in scope, in which order.

`# llmlint: ignore[rule-name, CODE] reason` silences these rules where the finding stands: on any line of the
call, or alone on its line above the statement. `# llmlint: ignore-file[rule-name] reason`, alone above
the first statement that is no import, does so for the file. Without `[...]` every rule is silenced, which is
itself a finding. `until 2027-01-31` in the reason lets it hold up to that day. Names and codes may be mixed; after
the brackets, all up to the next `#` is the reason.
"""

from llmlint.triage.demands import Demands, Place
from llmlint.triage.own_rules import OWN_RULES
from llmlint.triage.scope import in_order, in_scope
from llmlint.triage.suppressing import KnownRules, triage

__all__ = ["OWN_RULES", "Demands", "KnownRules", "Place", "in_order", "in_scope", "triage"]
