"""Takes the built site to where readers find it; one file for each kind of place.

`publish.py` says in which order; `target.py` what a place must be able to do.
"""
