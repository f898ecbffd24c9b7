"""The local side of the product: manifests in files, Node.js and packages on this machine. `cli` is a shell around it.

Everything here works without a cluster, on the models, the mapping and the rules of the operator itself.
"""
