"""One module a kind of object: fetch it and make our rows say what it says. `sync(id)` may be repeated."""
