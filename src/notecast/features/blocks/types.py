"""The types of blocks that have a status, and what the statuses are called."""

from typing import NamedTuple

FACTS = "typed-blocks"
"""Facts of a note: kind, status, id, statement as inline HTML."""


class Type(NamedTuple):
    """One type of block."""

    english: str
    chinese: str
    statuses: dict[str, tuple[str, str, bool]]
    """Status → how it is called, and whether the block is open; the first is the usual one."""


TYPES = {
    "question": Type(
        "Question",
        "问题",
        {
            "open": ("open", "待答", True),
            "partly": ("partly answered", "部分已答", True),
            "answered": ("answered", "已答", False),
            "dropped": ("dropped", "搁置", False),
        },
    ),
    "claim": Type(
        "Claim",
        "论断",
        {
            "open": ("open", "待证", True),
            "disputed": ("disputed", "有争议", True),
            "supported": ("supported", "有依据", False),
            "refuted": ("refuted", "已否定", False),
        },
    ),
    "todo": Type(
        "To do",
        "待办",
        {
            "open": ("open", "未完成", True),
            "doing": ("under way", "进行中", True),
            "done": ("done", "已完成", False),
            "dropped": ("dropped", "放弃", False),
        },
    ),
}
