"""What a value of each input type is in Python once it is coerced."""

from xkit_operator.api.destination import InputType

PYTHON_TYPES: dict[InputType, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "date": (str,),
    "array": (list,),
    "object": (dict,),
}
