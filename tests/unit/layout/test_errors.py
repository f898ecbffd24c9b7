"""The one error tree: drawn in its docstring, documented in the code."""

import re

from xkit_operator import errors


def subclasses(root: type[errors.XkitError]) -> set[type[errors.XkitError]]:
    return {root} | {leaf for child in root.__subclasses__() for leaf in subclasses(child)}


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = re.findall(r"^[│├└─ ]*([A-Z]\w+)(?= {2}|$)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(
        cls.__name__ for cls in subclasses(errors.XkitError) if cls.__module__ == errors.__name__
    )


def test_the_code_of_an_error_is_the_name_of_its_class() -> None:
    assert errors.FunctionSyntaxError("functions.upsert: line 1").code == "FunctionSyntaxError"


def test_every_error_says_in_a_docstring_what_it_means() -> None:
    assert [cls.__name__ for cls in subclasses(errors.XkitError) if not cls.__doc__] == []
