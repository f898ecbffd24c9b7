"""The ConfigMaps that a Destination refers to: read at each reconcile, and remembered for their events."""
