"""Images without a daemon: what a function image is made of, and how it gets into a registry.

Function images in the order in which data goes through: `syntax` (can the runtime parse the functions?), `function`
(functions to an image), `push` and `registry` (the image to its repository). `runtime` is what an image stands on.
`__main__` puts together the images of a release with the same parts: `debian`, `system`, `node`, `packages`,
`python`, `release`.
"""
