"""Images without a daemon: what a function image is made of, and how it gets into a registry.

In the order in which data goes through: `syntax` (can the runtime parse the functions?), `function` (functions to an
image on a `runtime`), `push` and `registry` (the image to its repository), `pull` and `rebase`
(an image from there onto another runtime). Below them `layer`, `manifest`, `layout`.
`build` and `__main__` put together the images of a release with the same parts; the operator needs neither.
"""
