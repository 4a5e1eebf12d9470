"""Note files become posts: bytes, header, Markdown. Entry point: `load.NoteLoader`."""
