"""Which image a Destination is to have, and how it comes into the registry."""
