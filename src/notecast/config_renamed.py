"""What keys are called that other generators call otherwise: key → hint.

Asked only for keys that do not exist, so that a feature may use any of the names.
"""


def _table(names: dict[str, str]) -> dict[str, str]:
    return {old: hint for olds, hint in names.items() for old in olds.split()}


RENAMED = _table(
    {
        "baseURL baseurl baseUrl url site_url siteUrl siteurl SITEURL root": "write `base_url`",
        "languageCode lang locale defaultContentLanguage default_language default_lang "
        "DEFAULT_LANG": "write `language`",
        "timeZone tz TIMEZONE": "write `timezone`",
        "site_name siteName sitename siteTitle SITENAME name": "write `title`",
        "site_description tagline summary": "write `description`",
        "subtitle banner": "write `hero:` with `title` and `text`",
        "site_author authors AUTHOR": "write `author`",
        "docs_dir contentDir content_dir content source source_dir PATH posts": "write `notes`, "
        "the folder of the notes",
        "publishDir destination public_dir site_dir output_path output_dir dest OUTPUT_PATH "
        "public": "write `output`, the folder that the site is written to",
        "staticDir static_dir STATIC_PATHS assets": "write `static`, the folder of files that "
        "are published as they are",
        "layouts layoutDir layouts_dir templates_dir theme theme_dir THEME": "there is one theme; "
        "a file in the `templates` folder stands in for the theme's of the same name",
        "permalinks ARTICLE_URL": "write `permalink`, such as /notes/:path/",
        "paginate_by per_page perPage pagination pagerSize DEFAULT_PAGINATION": "write "
        "`paginate`, the number of cards on a page",
        "taxonomies": "categories and tags are built in: leave this out",
        "plugins markdown_extensions extensions PLUGINS": "write `features:` with `disable` or "
        "`load`; what is built in needs no key",
        "repo_url edit_uri repo": "write `edit_url`, such as "
        "https://github.com/NAME/REPOSITORY/edit/main/notes/:path",
        "buildDrafts show_drafts draft": "write `drafts`",
        "buildFuture WITH_FUTURE_DATES": "write `future`",
        "copyright licence": "write `license`",
        "menu menus navigation": "write `nav`",
        "highlighting pygments syntax_highlighting markup highlight_theme": "write `highlight:` "
        "with `light` and `dark`",
        "ignoreFiles exclude exclude_docs ignored_content ignorePatterns": "write `ignore`",
        "feed rss atom generate_feeds": "write `feeds:` with `content`, `limit` and `formats`",
        "icon favicons": "write `favicon`",
        "excerpt_length summaryLength": "write `excerpt:` with `length`",
        "unsafe sanitize": "write `html`: own or untrusted",
    }
)
