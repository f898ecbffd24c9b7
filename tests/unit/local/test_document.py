"""Where things stand in a file of YAML, and what is said of one that is none."""

from pathlib import Path

import pytest

from xkit_operator.local.document import Document, read_documents

PATH = Path("a.yaml")


def document(text: str) -> Document:
    (found,), findings = read_documents(PATH, text)
    assert findings == []
    return found


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ((), "1:1"),
        (("spec",), "2:1"),
        (("spec", "inputs", 1), "5:7"),
        (("spec", "inputs", 1, "type"), "5:21"),
        (("spec", "inputs", 1, "absent"), "5:7"),
        (("spec", "inputs", 7, "type"), "3:3"),
        (("absent", "altogether"), "1:1"),
    ],
    ids=str,
)
def test_a_field_is_where_its_name_is_or_else_what_it_would_be_in(field: tuple[int | str, ...], place: str) -> None:
    text = "kind: A\nspec:\n  inputs:\n    - {name: id}\n    - {name: score, type: x}\n"
    assert str(document(text).place(field)) == f"a.yaml:{place}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n  source: |\n    one\n      two\n", "4:6"),
        ("a:\n  source: |-\n\n    one\n    two\n", "4:6"),
        ("a:\n  source: |2\n      one\n    two\n", "4:6"),
        ("a:\n  source: |\n    \n    one\n    two\nb: 1\n", "4:6"),
    ],
    ids=["block", "stripped, after an empty line", "with its indent as a number", "after a line of spaces"],
)
def test_a_line_and_column_of_a_block_are_found_in_the_file(text: str, place: str) -> None:
    assert str(document(text).text_place(("a", "source"), 2, 2)) == f"a.yaml:{place}"


def test_a_line_of_a_text_in_quotes_is_where_the_text_begins() -> None:
    assert str(document('a:\n  source: "one\\ntwo"\n').text_place(("a", "source"), 2, 2)) == "a.yaml:2:11"


def test_a_field_that_stands_twice_is_a_finding() -> None:
    (finding,) = document("a: 1\nb:\n  c: 1\n  c: 2\n").findings
    assert str(finding).startswith("a.yaml:4:3: DuplicateField: c stands here twice")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a:\n\tb: 1\n", "2:1", "a tab cannot indent YAML: use spaces"),
        ("a: b: c\n", "1:5", "put the text into quotes, or mend the indent"),
        ("a: `b`\n", "1:4", "a text cannot begin with `"),
        ("a: @b\n", "1:4", "a text cannot begin with @"),
        ("a: {{ .Values.b }}-c\n", "1:19", "looks like a template"),
        ("a: 'b\n", "2:1", "unexpected end of stream"),
        ("a: *b\n", "1:4", "undefined alias"),
        ("a: \x01\n", "1:1", "control characters are not allowed"),
    ],
    ids=["a tab", "two colons", "a backtick", "an at sign", "a template", "an open quote", "an alias", "a control"],
)
def test_what_is_no_yaml_is_said_with_its_place_and_what_to_do(text: str, place: str, says: str) -> None:
    documents, (finding,) = read_documents(PATH, text)
    assert documents == []
    assert str(finding).startswith(f"a.yaml:{place}: InvalidYaml: ")
    assert says in finding.message


def test_the_documents_before_one_that_is_no_yaml_are_read() -> None:
    documents, findings = read_documents(PATH, "a: 1\n---\n---\nb: 2\n---\nc: [\n")
    assert [one.value for one in documents] == [{"a": 1}, {"b": 2}]
    assert len(findings) == 1


def test_a_text_that_is_nested_without_end_is_refused_in_words() -> None:
    _, (finding,) = read_documents(PATH, "a: &a [*a]")
    assert "nested deeper" in finding.message
