"""Before a weight is loaded: what the model sees of a record, what it learns, what is wrong."""
