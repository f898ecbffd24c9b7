"""What a record or a request can come to, and how its sender is told."""
