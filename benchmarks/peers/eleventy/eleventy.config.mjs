import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (config) {
  config.addPlugin(syntaxHighlight);
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "notes", limit: 20 },
    metadata: { language: "en", title: "Bench", base: "https://example.org/", author: { name: "A" } },
  });
  config.addCollection("notes", (all) => all.getFilteredByGlob("notes/**/*.md"));
  // One entry for each page of each tag's list.
  config.addCollection("tagPages", (all) => {
    const byTag = new Map();
    for (const note of all.getFilteredByGlob("notes/**/*.md").reverse()) {
      for (const tag of [...(note.data.tags || []), note.data.category]) {
        if (!byTag.has(tag)) byTag.set(tag, []);
        byTag.get(tag).push(note);
      }
    }
    const pages = [];
    for (const [tag, notes] of byTag) {
      for (let start = 0; start < notes.length; start += 12) {
        pages.push({ tag, number: start / 12 + 1, notes: notes.slice(start, start + 12) });
      }
    }
    return pages;
  });
  config.addFilter("short", (html) => (html || "").replace(/<[^>]*>/g, "").slice(0, 300));
  config.amendLibrary("md", (md) => {
    const normalize = md.normalizeLink;
    md.normalizeLink = (url) => normalize(url.replace(/^\.\.\/(.*)\.md$/, "/notes/$1/"));
  });
  return { dir: { input: ".", includes: "_includes", output: "public" }, markdownTemplateEngine: false };
}
