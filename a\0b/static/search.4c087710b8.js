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
    await engine.options({ baseUrl: box.dataset.base, excerptLength: /^(zh|ja)/.test(lang) ? 60 : 28 });
    await engine.init();
    return { lang, engine };
  }));
}

/* Chinese and Japanese are indexed character by character, TeX word by word; see
   characters.py. Here what is typed is cut in the same way, and what is shown joined. */
const APART = "\\u2e80-\\u312f\\u3190-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uff9f\\u{1aff0}-\\u{1b16f}\\u{20000}-\\u{3fffd}";
const RUN = new RegExp(`[${APART}]+`, "gu");
const FULL = `[${APART}“”‘’]`;
const [ON, OFF] = "\u0001\u0002";
const GAP = new RegExp(`(?<=${FULL}[${ON}${OFF}]?) +(?=[${ON}${OFF}]?${FULL})|(?<=[\uff00-\uff0f\uff1a-\uff1f\u3000-\u303f]) +| +(?=[\uff00-\uff0f\uff1a-\uff1f\u3000-\u303f])|(?<=\\\\) +| *(?=[{}^_])|(?<=[{^_]) +`, "gu");
const joined = (text) => text.replace(GAP, "");

/* What was typed as searches: a phrase for each run of characters, one for all words. */
const phrase = (run) => `"${[...run.replace(/\p{P}+/gu, "")].join(" ")}"`;
const words = (text) => text.replace(RUN, " ").replace(/[\\{}^$]+/g, " ").split(/\s+/).filter(Boolean);
const runs = (text) => (text.match(RUN) ?? []).filter((run) => /[^\p{P}]/u.test(run));
const strict = (text) => [...runs(text).map(phrase), words(text).join(" ")].filter(Boolean);
/* The same in smaller pieces, for when nothing holds all of it. */
function loose(text) {
  const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });
  const cut = (run) => (segmenter ? [...segmenter.segment(run)].map((piece) => piece.segment) : [...run]);
  return [...runs(text).flatMap(cut).map(phrase), ...words(text)];
}

/* Results of one language, each with how many of the searches it answers. All
   notes that hold a phrase score the same; how well its characters score tells them apart. */
async function find({ engine, lang }, wanted, filters) {
  const found = new Map();
  for (const part of wanted.length ? wanted : [null]) {
    const { results } = await engine.search(part, { filters });
    const finer = part?.startsWith('"') ? (await engine.search(part.slice(1, -1), { filters })).results : [];
    const scores = new Map(finer.map(({ id, score }) => [id, score]));
    for (const result of results) {
      const known = found.get(result.id) ?? { result, lang, hits: 0, score: 0 };
      const score = known.score + (scores.get(result.id) ?? result.score);
      found.set(result.id, { ...known, hits: known.hits + 1, score });
    }
  }
  return [...found.values()];
}

async function findAll(engines, text, filters) {
  const wanted = strict(text);
  const found = (await Promise.all(engines.map((one) => find(one, wanted, filters)))).flat();
  const whole = found.filter(({ hits }) => hits >= wanted.length);
  const pieces = loose(text);
  const best = whole.length || pieces.length < 2 ? whole
    : (await Promise.all(engines.map((one) => find(one, pieces, filters)))).flat();
  return best.filter(({ hits }) => whole.length || hits * 2 >= pieces.length).sort((a, b) => b.hits - a.hits || b.score - a.score);
}

/* An excerpt of Pagefind's: of its HTML only text and marks are taken. */
function excerpt(html) {
  const signs = html.replace(/<\/mark>\s*<mark>/g, " ").replace(/<mark>\s*/g, ON).replace(/\s*<\/mark>/g, OFF);
  const text = joined(new DOMParser().parseFromString(signs, "text/html").body.textContent);
  return make("p", { className: "excerpt" }, ...text.split(ON).flatMap((piece, nth) => {
    const [marked, plain] = nth ? piece.split(OFF) : ["", piece];
    return marked ? [make("mark", { textContent: marked }), plain] : [plain];
  }));
}

function hit({ url, meta, filters, sub_results: parts, excerpt: html }, lang) {
  const item = make("li", { lang },
    make("a", { href: url, textContent: joined(meta.title) }),
    make("p", { className: "meta" },
      ...[meta.date, filters.category?.[0]].filter(Boolean).map((text) => make("span", { textContent: text }))));
  const sections = parts.filter((part) => part.anchor).slice(0, PARTS);
  if (parts.length > sections.length || !sections.length) item.append(excerpt(html));
  if (sections.length) {
    item.append(make("ul", {}, ...sections.map((part) =>
      make("li", {}, make("a", { href: part.url, textContent: joined(part.title) }), excerpt(part.excerpt)))));
  }
  return item;
}

function start(box, onPage) {
  const form = $("form", box);
  const field = form.elements.q;
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
    const text = field.value.trim();
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
      const found = await findAll(all, text, filters);
      if (mine !== asked) return;
      rest = found;
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
    waiting = setTimeout(search, event.target === field ? 120 : 0);
  });
  field.addEventListener("compositionend", () => search());
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
    const stops = [field, ...$$("a", list)];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at >= 0 && step) {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    } else if (at > 0 && (event.key.length === 1 || event.key === "Backspace")) {
      field.focus();
    }
  });

  if (onPage) {
    /* The index is fetched when it is wanted: for what the address asks, or once somebody begins. */
    const query = new URLSearchParams(location.search);
    const asksFor = (name) => query.get(name) ?? "";
    field.value = asksFor("q");
    field.focus();
    if ([field, ...facets].some(({ name }) => asksFor(name))) {
      ready().then(() => facets.forEach((facet) => (facet.value = asksFor(facet.name))))
        .catch(() => {}).finally(search);
    } else {
      for (const kind of ["keydown", "pointerdown"]) box.addEventListener(kind, () => ready().catch(() => {}), { once: true });
    }
  }
  return { field, ready };
}

let dialog;

async function inDialog(link) {
  const response = await fetch(link.href);
  const searchPage = new DOMParser().parseFromString(await response.text(), "text/html");
  const box = $(".search", searchPage);
  const known = new Set($$("link[rel=stylesheet]").map((sheet) => sheet.href));
  const sheets = $$("link[rel=stylesheet]", searchPage).filter((sheet) => !known.has(sheet.href));
  await Promise.all(sheets.map((sheet) => new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(document.adoptNode(sheet));
  })));
  const element = make("dialog", { className: "search-dialog" }, document.adoptNode(box));
  element.setAttribute("aria-label", $("label", box).textContent);
  element.addEventListener("click", (event) => {
    if (event.target === element || event.target.closest("a")) element.close();
  });
  /* At once, and the words stay: a search field would first be emptied. */
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    element.close();
  });
  document.body.append(element);
  const { field, ready } = start(box, false);
  ready().catch(() => {});
  return { element, field };
}

/** Opens the dialog; on the search page the words get the focus. */
export async function open(link) {
  const own = $("main .search input");
  if (own) return own.focus();
  const { element, field } = await (dialog ??= inDialog(link));
  if (!element.open) element.showModal();
  field.focus();
  field.select();
}

const page = $("main .search");
if (page) start(page, true);
