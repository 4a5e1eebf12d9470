"""The words that a note's own HTML carries: English and Chinese.

They stand in attributes and titles of the body, which is made before any
template is known, and go by the language of the note.
"""

_LABELS = {
    "contents": ("Contents", "目录"),
    "link_to_heading": ("Link to this section", "本节链接"),
    "footnotes": ("Footnotes", "脚注"),
    "footnote": ("Footnote {n}", "脚注 {n}"),
    "back": ("Back to reference {n}", "返回引用处 {n}"),
    "done": ("Done", "已完成"),
    "not_done": ("Not done", "未完成"),
    "show_code": ("Show the code", "显示代码"),
    "show_output": ("Show the output", "显示输出"),
    "output_picture": ("Picture that the code above made", "上方代码生成的图"),
    "output_cut": ("… {n} characters are left out …", "……省略 {n} 个字符……"),
}


def label(key: str, lang: str, n: object = "") -> str:
    """A word in the language of the note (Chinese for `zh…`, else English)."""
    english, chinese = _LABELS[key]
    return (chinese if is_chinese(lang) else english).replace("{n}", str(n))


def is_chinese(lang: str) -> bool:
    """Whether a BCP 47 language tag means Chinese."""
    return lang.lower().split("-")[0] in ("zh", "yue", "cmn", "wuu", "nan")
