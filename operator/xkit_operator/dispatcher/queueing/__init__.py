"""Records that wait and run: bounded, fair, in order by key."""
