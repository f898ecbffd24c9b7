"""The API group and version of our two kinds: the names that every other part spells through these constants."""

GROUP = "xkit.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
