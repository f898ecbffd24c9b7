"""What is asked on port 9090."""
