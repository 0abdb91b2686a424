"""What a document can hold, a kind of block a module; `Document` puts them together."""
