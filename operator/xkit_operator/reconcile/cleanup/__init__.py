"""Images out of the registry that nothing can want back, and the finalizer that this takes."""
