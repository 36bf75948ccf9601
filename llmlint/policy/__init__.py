"""Policy: rules from YAML files, compiled and applied to call sites in three-valued logic."""

from llmlint.policy.evaluation import Verdicts, evaluate
from llmlint.policy.rules import Rule
from llmlint.policy.settings import RulePolicy

__all__ = ["Rule", "RulePolicy", "Verdicts", "evaluate"]
