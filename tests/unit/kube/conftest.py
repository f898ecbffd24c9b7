"""Keeps pytest-asyncio from leaving an event loop open.

Where no loop was ever set, its look for "the loop before" makes one, which nobody closes; having set none says so.
"""

import asyncio

asyncio.set_event_loop(None)
