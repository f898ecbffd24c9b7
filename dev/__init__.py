"""What developers and tests run: the embedded cluster. Nothing here is part of the product."""
