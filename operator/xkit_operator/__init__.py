"""xkit-operator: Xkit's Destinations on Kubernetes. ARCHITECTURE.md says how the packages below fit together."""

__version__ = "0.1.0"
