/* The preview in the browser: takes in what the server sends. A module, so that it runs
   first of all scripts that wait for the page, and sees it as it was sent. */
import { change, insert, live, sent } from "./morph.js";
import { show } from "./panel.js";

const me = document.querySelector("script[data-page]");
const { page, have } = me.dataset;
me.remove();
sent.querySelector("script[data-page]").remove();

const scripts = (root) =>
  [...root.querySelectorAll("script")]
    .filter((one) => /^(|module|.*(java|ecma)script)$/.test(one.type))
    .map((one) => one.getAttribute("src") || one.textContent)
    .join("\n");

/* A stylesheet goes when its successor is there: the page is never without one. */
function styles(now) {
  const sheets = (root) => new Map([...root.querySelectorAll("link[rel=stylesheet]")].map((one) => [one.getAttribute("href"), one]));
  const before = sheets(sent);
  const then = sheets(now);
  const old = [...before].filter(([href]) => !then.has(href)).map(([, one]) => one);
  const fresh = [...then].filter(([href]) => !before.has(href)).map(([, one]) => one);
  for (const [n, one] of fresh.entries()) {
    const place = old[n];
    const added = insert(place ? place.parentNode : sent.querySelector("head"), place ? live.get(place).parentNode : document.head, one, place || null);
    if (place) {
      const gone = live.get(place);
      place.remove();
      added.onload = added.onerror = () => gone.remove();
    }
  }
}

/* The first things on screen: the first of them that stays keeps its distance from the edge.
   What holds them begins above the screen and would keep nothing in its place. */
function anchor() {
  const edge = Math.min(100, innerHeight / 4);
  const box = (one) => one.getBoundingClientRect();
  const flows = (one) => box(one).height && box(one).bottom > edge && !/sticky|fixed/.test(getComputedStyle(one).position);
  let first = document.querySelector("main");
  while (first && box(first).top < 0) {
    const next = [...first.children].find(flows);
    if (!next) break;
    first = next;
  }
  const seen = [];
  for (let one = first; one && one.tagName !== "MAIN" && seen.length < 20; one = one.nextElementSibling) seen.push([one, box(one).top]);
  return () => {
    const [one, top] = seen.find(([node]) => node.isConnected) || [];
    if (one) scrollBy({ top: box(one).top - top, behavior: "instant" });
  };
}

function swap(html) {
  const next = new DOMParser().parseFromString(html, "text/html").documentElement;
  if (scripts(next) !== scripts(sent)) return location.reload();
  const focus = document.activeElement;
  const id = focus && focus.id;
  const keep = scrollY > 0 ? anchor() : () => {};
  styles(next);
  change(sent, next);
  keep();
  if (id && !focus.isConnected) document.getElementById(id)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("notecast:change"));
}

/* Files that pages show: the address is the same, what is there is not. */
function refetch(urls) {
  const changed = (address) => address && urls.includes(new URL(address, location).pathname);
  if ([...document.scripts].some((one) => changed(one.src))) return location.reload();
  for (const one of document.querySelectorAll("link[rel=stylesheet], img, source, video, audio, iframe, embed")) {
    const name = one.tagName === "LINK" ? "href" : "src";
    if (changed(one[name])) one[name] = Object.assign(new URL(one[name]), { search: `?${Date.now()}` }).href;
  }
}

/* A hidden tab listens to nobody: browsers allow six connections to one server. */
let etag = have;
let stream = null;
function listen() {
  stream = new EventSource(new URL(`events?page=${encodeURIComponent(page)}&have=${etag}`, import.meta.url));
  const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("page", (data) => { swap(data.html); etag = data.etag; });
  on("gone", () => location.reload());
  on("files", refetch);
  on("state", show);
  stream.onopen = () => show({ lost: false });
  stream.onerror = () => {
    show({ lost: true });
    /* The address of the stream says what we have: it has to be made anew. */
    stream.close();
    stream = null;
    setTimeout(() => stream || document.hidden || listen(), 700);
  };
}
function follow() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) listen();
}
document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && follow());
follow();
