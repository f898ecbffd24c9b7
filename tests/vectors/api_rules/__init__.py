"""Each rule of the two kinds with something that it accepts and something that it refuses.

Two judges read the tables: a real API server by the CRDs, and the models in Python for objects that no server has seen.
"""

from tests.vectors.api_rules.destination import DESTINATION_RULES
from tests.vectors.api_rules.entries import ENTRY_RULES
from tests.vectors.api_rules.functions import FUNCTION_RULES
from tests.vectors.api_rules.inputs import INPUT_RULES
from tests.vectors.api_rules.limits import LIMIT_RULES
from tests.vectors.api_rules.pods import POD_RULES
from tests.vectors.api_rules.references import REFERENCE_RULES
from tests.vectors.api_rules.rule import ABSENT, DESTINATION, SOURCE_MAPPING, Rule, changed
from tests.vectors.api_rules.source_mapping import SOURCE_MAPPING_RULES
from tests.vectors.api_rules.variables import VARIABLE_RULES

__all__ = ["ABSENT", "DESTINATION", "RULES", "SOURCE_MAPPING", "Rule", "changed"]

RULES = [
    *DESTINATION_RULES,
    *VARIABLE_RULES,
    *INPUT_RULES,
    *FUNCTION_RULES,
    *LIMIT_RULES,
    *POD_RULES,
    *REFERENCE_RULES,
    *SOURCE_MAPPING_RULES,
    *ENTRY_RULES,
]
