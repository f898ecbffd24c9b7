"""The two kinds of the API group as models, their conditions, and the CRDs that are generated from them."""
