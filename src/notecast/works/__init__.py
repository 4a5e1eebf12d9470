"""Published works that notes cite: reading, merging and writing them, whatever shows them.

`model.py` says what a work is; `bibtex.py` and `csl_json.py` read files,
`library.py` makes one work of everything that means the same, `styles/` sets
references, `bibtex_text.py` and `csl_json.py` write records out again. Nothing
here knows of notes, pages or templates.
"""
