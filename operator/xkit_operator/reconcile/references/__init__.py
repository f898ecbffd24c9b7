"""What a Destination refers to: read at each reconcile, and remembered for the events of ConfigMaps."""
