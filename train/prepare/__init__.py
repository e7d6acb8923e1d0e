"""Before any weights are loaded: what the model sees of a record, what it learns, what is wrong."""
