"""What a note about a paper shows of it: whose it is, where it is, how far the reader got.

Entry point: `note_context`.
"""

from typing import Any

from notecast.features.papers.paper import paper_data
from notecast.features.papers.shelf import shelf
from notecast.model import Post
from notecast.site import View
from notecast.works.citing import own_works


def note_context(post: Post, view: View) -> Any:
    """Plain data of the note's paper, `None` if nothing says which it is."""
    key = own_works(view).get(post.path)
    if key is None:
        return None
    paper = shelf(view)[key]
    return {**paper_data(paper.work), "url": paper.url}
