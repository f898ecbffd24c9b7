"""What a runner tells of itself: log lines and metrics."""
