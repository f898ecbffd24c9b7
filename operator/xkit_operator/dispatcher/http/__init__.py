"""HTTP/1.1 on a socket: from bytes to a handler, and from its answer to bytes. Knows nothing of records."""
