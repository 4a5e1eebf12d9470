import rss from "@astrojs/rss";
import { getCollection } from "astro:content";

export async function GET(context) {
  const notes = (await getCollection("notes")).slice(0, 20);
  return rss({
    title: "Bench",
    description: "Bench",
    site: context.site,
    items: notes.map((note) => ({ title: note.data.title, link: `/notes/${note.id}/`, content: note.body })),
  });
}
