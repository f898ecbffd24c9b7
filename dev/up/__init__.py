"""What `make up` runs: from nothing to a delivered record, told step by step on the terminal.

The story drives the same programs that a user would type (the embedded cluster's own command, the image builder, helm,
kubectl) and adds no behaviour of its own, so that everything it shows can be repeated by hand.
"""
