"""The lines of a Destination's runner Pods: read, told apart, put in order, followed through rollouts."""
