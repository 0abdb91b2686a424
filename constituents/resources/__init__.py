"""People, organisations and households in files: how an import recognises, writes and takes them back."""
