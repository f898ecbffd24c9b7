"""Records to inputs: pure, compiled once per mapping, one engine for the dispatcher and the operator's static check."""
