"""The Kubernetes objects of a Destination: made, mended, scaled, deleted."""
