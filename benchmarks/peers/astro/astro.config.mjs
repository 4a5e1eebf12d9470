import { defineConfig } from "astro/config";

// Links between notes: `../NN/note.md` becomes the address of the page.
function noteLinks() {
  const walk = (node) => {
    if (node.type === "link") node.url = node.url.replace(/^\.\.\/(.*)\.md$/, "/notes/$1/");
    (node.children || []).forEach(walk);
  };
  return walk;
}

export default defineConfig({
  site: "https://example.org",
  outDir: "./public",
  publicDir: "./static",
  markdown: { remarkPlugins: [noteLinks] },
});
