"""What the statements of a module touch, worked out from its source alone (see `table`)."""

from racecheck.runtime.analysis.source import table_of
from racecheck.runtime.analysis.table import FunctionTable, Step, Table, analyse

__all__ = ["FunctionTable", "Step", "Table", "analyse", "table_of"]
