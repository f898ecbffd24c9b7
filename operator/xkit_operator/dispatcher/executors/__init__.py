"""The function container as the dispatcher sees it: its socket, its frames, who serves, and how one ends."""
