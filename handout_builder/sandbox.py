"""The room that a brand's own templates run in: they may read the handout's values, and reach nothing else."""

from pathlib import PurePath
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, with the doors shut that our values would open: paths read and write files."""

    # What could fill the memory in one step; Jinja2 itself limits range().
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, but with numbers alone, and no powers: a text times a number may be any size."""
        numbers = all(isinstance(value, (int, float)) for value in (left, right))
        if operator == "**" or (operator == "*" and not numbers) or (operator == "%" and not numbers):
            raise SecurityError(f"'{operator}' works with numbers only, and there are no powers")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may take an attribute of an object."""
        if isinstance(obj, PurePath):
            return False
        if isinstance(obj, BaseModel) and attr not in type(obj).model_fields:
            # Pydantic's methods read files and make models; our properties only tell.
            return isinstance(getattr(type(obj), attr, None), property)
        return super().is_safe_attribute(obj, attr, value)
