/* Search: the page /search/, and the dialog that `/` opens on all others.
   site.js loads this when it is first wanted. The index is Pagefind's, one for
   each language of the notes; all of them are searched, whatever the language of
   the page. What is shown comes from `.search` in search/page.html. */
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const AT_ONCE = 8;
const PARTS = 3;

/* Pagefind takes the language of the page for that of the reader, and has one
   stemmer in a module: so each language gets a module of its own. */
async function engines(box) {
  const at = new URL(box.dataset.index, location).href;
  const response = await fetch(`${at}pagefind-entry.json`, { cache: "no-cache" });
  if (!response.ok) throw new Error(response.statusText);
  const { languages } = await response.json();
  const root = document.documentElement;
  return Promise.all(Object.keys(languages).map(async (lang) => {
    const { createInstance } = await import(`${at}pagefind.js?${lang}`);
    const own = root.lang;
    root.lang = lang;
    const engine = createInstance({ basePath: at });
    root.lang = own;
    await engine.options({ baseUrl: box.dataset.base, excerptLength: 28 });
    await engine.init();
    return { lang, engine };
  }));
}

/* An excerpt of Pagefind's: of its HTML only text and marks are taken. */
function excerpt(html) {
  const nodes = new DOMParser().parseFromString(html, "text/html").body.childNodes;
  return make("p", { className: "excerpt" }, ...[...nodes].map((node) =>
    node.nodeName === "MARK" ? make("mark", { textContent: node.textContent }) : node.textContent));
}

function hit({ url, meta, filters, sub_results: parts, excerpt: html }, lang) {
  const item = make("li", { lang },
    make("a", { href: url, textContent: meta.title }),
    make("p", { className: "meta" },
      ...[meta.date, filters.category?.[0]].filter(Boolean).map((text) => make("span", { textContent: text }))));
  const sections = parts.filter((part) => part.anchor).slice(0, PARTS);
  if (parts.length > sections.length || !sections.length) item.append(excerpt(html));
  if (sections.length) {
    item.append(make("ul", {}, ...sections.map((part) =>
      make("li", {}, make("a", { href: part.url, textContent: part.title }), excerpt(part.excerpt)))));
  }
  return item;
}

function start(box, onPage) {
  const form = $("form", box);
  const words = form.elements.q;
  const facets = $$("select", form);
  const status = $(".status", box);
  const list = $(".results", box);
  const more = $(".more", box);
  const say = box.dataset;
  let loaded;
  let asked = 0;
  let waiting;
  let rest = [];
  box.hidden = false;

  const ready = () => loaded ??= engines(box).then(async (all) => {
    const counted = await Promise.all(all.map(({ engine }) => engine.filters()));
    for (const facet of facets) {
      const counts = new Map();
      for (const one of counted) {
        for (const [value, n] of Object.entries(one[facet.name] ?? {})) counts.set(value, (counts.get(value) ?? 0) + n);
      }
      const values = [...counts.keys()].sort((a, b) => a.localeCompare(b, document.documentElement.lang));
      if (facet.name === "year") values.reverse();
      facet.append(...values.map((value) => new Option(`${value} (${counts.get(value)})`, value)));
      facet.hidden = !values.length;
    }
    return all;
  });

  async function show() {
    const mine = asked;
    const part = await Promise.all(rest.splice(0, AT_ONCE).map(async ({ result, lang }) => hit(await result.data(), lang)));
    if (mine !== asked) return;
    list.append(...part);
    more.hidden = !rest.length;
  }

  async function search() {
    const mine = ++asked;
    const text = words.value.trim();
    const filters = Object.fromEntries(facets.filter((facet) => facet.value).map((facet) => [facet.name, facet.value]));
    if (onPage) {
      const query = new URLSearchParams({ ...(text && { q: text }), ...filters }).toString();
      history.replaceState(null, "", query ? `?${query}` : location.pathname);
    }
    if (!text && !Object.keys(filters).length) {
      rest = [];
      list.replaceChildren();
      status.textContent = "";
      more.hidden = true;
      return;
    }
    try {
      status.textContent ||= say.searching;
      const all = await ready();
      const found = await Promise.all(all.map(async ({ lang, engine }) => {
        const { results } = await engine.search(text || null, { filters });
        return results.map((result) => ({ result, lang }));
      }));
      if (mine !== asked) return;
      rest = found.flat().sort((a, b) => b.result.score - a.result.score);
      status.textContent = !rest.length ? say.none : rest.length === 1 ? say.foundOne : say.found.replace("#", rest.length);
      list.replaceChildren();
      await show();
    } catch (error) {
      console.warn(error);
      if (mine === asked) status.textContent = say.failed;
      loaded = undefined;
    }
  }

  form.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(search, event.target === words ? 120 : 0);
  });
  words.addEventListener("compositionend", () => search());
  more.addEventListener("click", async () => {
    const nth = list.children.length;
    await show();
    $("a", list.children[nth] ?? list)?.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (onPage) search();
    else $("a", list)?.click();
  });
  /* Arrows walk from the words through what was found; letters go back to the words. */
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = [words, ...$$("a", list)];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at >= 0 && step) {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    } else if (at > 0 && (event.key.length === 1 || event.key === "Backspace")) {
      words.focus();
    }
  });

  if (onPage) {
    const query = new URLSearchParams(location.search);
    words.value = query.get("q") ?? "";
    words.focus();
    ready().then(() => {
      for (const facet of facets) facet.value = query.get(facet.name) ?? "";
    }).catch(() => {}).finally(search);
  }
  return { words, ready };
}

let dialog;

async function inDialog(link) {
  const response = await fetch(link.href);
  const box = $(".search", new DOMParser().parseFromString(await response.text(), "text/html"));
  const element = make("dialog", { className: "search-dialog" }, document.adoptNode(box));
  element.setAttribute("aria-label", $("label", box).textContent);
  element.addEventListener("click", (event) => {
    if (event.target === element || event.target.closest("a")) element.close();
  });
  document.body.append(element);
  const { words, ready } = start(box, false);
  ready().catch(() => {});
  return { element, words };
}

/** Opens the dialog; on the search page the words get the focus. */
export async function open(link) {
  const own = $("main .search input");
  if (own) return own.focus();
  const { element, words } = await (dialog ??= inDialog(link));
  if (!element.open) element.showModal();
  words.focus();
  words.select();
}

const page = $("main .search");
if (page) start(page, true);
