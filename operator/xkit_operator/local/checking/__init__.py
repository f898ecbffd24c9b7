"""`xkit check`: each rule of the API server and the operator that can be judged without them."""
