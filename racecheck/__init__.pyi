"""Types of the public names, which `__init__.py` imports when they are first used."""

from racecheck.api import LintResult as LintResult
from racecheck.api import explore as explore
from racecheck.api import lint as lint
from racecheck.api import watch as watch
from racecheck.bridge.exploration import Exploration as Exploration
from racecheck.core.finding import Confidence as Confidence
from racecheck.core.finding import Finding as Finding
from racecheck.core.finding import Severity as Severity

__all__ = [
    "Confidence",
    "Exploration",
    "Finding",
    "LintResult",
    "Severity",
    "__version__",
    "explore",
    "lint",
    "watch",
]
__version__: str
