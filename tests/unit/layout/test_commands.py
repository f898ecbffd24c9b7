"""Every command that the documentation shows is typed by a test, or says why it is not."""

from tests.pages import DOCS, blocks

TYPED = {
    "start.md": "e2e/test_pages.py",
    "tutorial.md": "e2e/test_pages.py",
    "how-to/install.md": "e2e/test_upgrade.py",
    "how-to/operate.md": "e2e/test_operating.py",
    "how-to/gitops.md": "ecosystem/test_gitops_page.py",
    "how-to/clean-up-images.md": "e2e/test_garbage_collection.py",
    "how-to/registry.md": "registry/test_page_commands.py",
    "how-to/write-a-destination.md": "cli/test_page_commands.py",
}
"""Pages with commands, and who types them."""


def test_pages_with_commands_are_those_that_a_test_types() -> None:
    shown = {
        str(page.relative_to(DOCS))
        for page in DOCS.rglob("*.md")
        if any(block.language in ("sh", "bash", "shell") and not block.left_out for block in blocks(page))
    }
    assert shown == set(TYPED)


def test_whoever_types_a_page_names_it() -> None:
    tests = DOCS.parent / "tests"
    assert [page for page, test in TYPED.items() if page.rpartition("/")[2] not in (tests / test).read_text()] == []
