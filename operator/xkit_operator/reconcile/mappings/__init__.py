"""The SourceMappings of a Destination: found, read, and chosen to be served."""
