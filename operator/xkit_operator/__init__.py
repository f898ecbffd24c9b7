"""xkit-operator: Xkit's Destinations on Kubernetes. ARCHITECTURE.md says how the packages below fit together."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("xkit-operator")
except PackageNotFoundError:  # run from a source tree or an image that holds the package without its metadata
    __version__ = "0.1.0"
