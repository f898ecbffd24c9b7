"""From a request to the records in it: path, media type, envelope, CloudEvent."""
