"""Golden tests: a record in, inputs, outgoing requests and outcome out, on the real mapping and executor."""
