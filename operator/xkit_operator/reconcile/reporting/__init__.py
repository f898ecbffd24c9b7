"""What a Destination says about itself, and why: diagnosis, conditions, Events, the write of the status."""
