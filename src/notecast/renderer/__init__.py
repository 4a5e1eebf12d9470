"""Jobs become bytes: Jinja templates, holes filled, addresses finished."""
