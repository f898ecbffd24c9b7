"""A registry: how it is reached, who we are there, and what a push asks of it. `client.Registry` is for all others."""
