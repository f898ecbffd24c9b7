"""Runs a project on this machine: the real dispatcher and the real executors, replaced whenever a file changes."""
