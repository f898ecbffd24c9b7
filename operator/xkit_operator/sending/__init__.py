"""Sends records to a runner: read as a stream, in order per key, tried again where that helps, never lost unseen."""
