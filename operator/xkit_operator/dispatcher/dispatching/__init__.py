"""From a record to its answer: mapping, queue, executor; in earnest or as a dry run."""
