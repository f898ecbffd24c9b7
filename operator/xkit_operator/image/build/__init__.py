"""What an image of a release is made of, a file for each part; `release` says which parts make which image.

Needs Debian's apt, npm and pip on the building machine, and no root. The operator itself never comes here.
"""
