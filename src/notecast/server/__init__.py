"""The preview: the site in memory, kept up to date while its files change.

`live.py` reads as a table of contents. One thread owns the site (`session.py`,
`live.py`); another answers requests (`app.py`, `http.py`); the watcher
(`watch.py`) tells the first what changed, and `events.py` tells browsers.
"""
