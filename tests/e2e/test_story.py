"""`make up`: what a newcomer sees."""

import subprocess
import sys

from tests.e2e.product import ROOT


def test_make_up_ends_with_three_delivered_records(story: str) -> None:
    assert story.count(": succeeded") == 3
    assert "PUT /contacts/hubspot/512" in story
    assert "PUT /contacts/salesforce/0035e00000AbCdE" in story
    assert "DELETE /contacts/hubspot/512" in story


def test_the_calls_carry_the_mapped_and_typed_inputs(story: str) -> None:
    assert '"score": 87' in story  # a text in HubSpot's record
    assert '"score": 42' in story  # 42.0 in Salesforce's
    assert '"optedOut": false' in story
    assert '"updatedAt": "2021-09-14T10:20:30.000Z"' in story  # +0200 in Salesforce's record
    assert '"address": null' in story


def test_both_kinds_are_shown_ready(story: str) -> None:
    lines = [
        line.split()
        for line in story.splitlines()
        if "sourcemapping.xkit.dev/" in line or "destination.xkit.dev/" in line
    ]
    shown = [line for line in lines if "True" in line and "Ready" in line]
    assert len(shown) >= 3


def test_a_second_make_up_changes_nothing_and_succeeds(story: str, cluster) -> None:
    before = cluster.get("--namespace", "crm", "destination", "crm-contacts")["metadata"]["generation"]
    again = subprocess.run(
        [sys.executable, "-m", "dev.up", "--cluster", cluster.name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stdout
    assert cluster.get("--namespace", "crm", "destination", "crm-contacts")["metadata"]["generation"] == before
