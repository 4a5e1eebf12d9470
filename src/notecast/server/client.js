/* The preview in the browser: takes in changes without losing the place. They are found between the page as it was sent before and as it
   is sent now, and made to the live page: what scripts and the reader did to it stays. */
(() => {
  "use strict";
  const me = document.currentScript;
  const { page, have } = me.dataset;
  const own = (name) => new URL(name, me.src).href;
  me.remove();

  /* `sent` is the page as it was sent; `live` knows the node on screen for each of its nodes. */
  const live = new WeakMap();
  function pair(a, b) {
    live.set(a, b);
    for (let x = a.firstChild, y = b.firstChild; x && y; x = x.nextSibling, y = y.nextSibling) pair(x, y);
  }
  const sent = document.documentElement.cloneNode(true);
  pair(sent, document.documentElement);
  for (const one of sent.querySelectorAll("script[src^='/.notecast/']")) one.remove();

  const scripts = (root) =>
    [...root.querySelectorAll("script")]
      .filter((one) => /^(|module|.*(java|ecma)script)$/.test(one.type))
      .map((one) => one.getAttribute("src") || one.textContent)
      .join("\n");

  /* The child of `parent` that is or holds the live node of `node`: scripts may have wrapped it. */
  function within(parent, node) {
    let found = node && live.get(node);
    while (found && found.parentNode !== parent) found = found.parentNode;
    return found || null;
  }

  function attributes(old, now, shown) {
    for (const { name, value } of [...now.attributes]) {
      if (old.getAttribute(name) === value) continue;
      old.setAttribute(name, value);
      shown.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (now.hasAttribute(name)) continue;
      old.removeAttribute(name);
      if (shown !== document.documentElement) shown.removeAttribute(name);
    }
  }

  /* Only what differs is replaced, so that a selection before and after it stays. */
  function text(old, now, shown) {
    const [a, b] = [old.data, now.data];
    if (a === b) return;
    let start = 0;
    let end = 0;
    const least = Math.min(a.length, b.length);
    while (start < least && a[start] === b[start]) start++;
    while (end < least - start && a.at(-1 - end) === b.at(-1 - end)) end++;
    const fresh = b.slice(start, b.length - end);
    if (shown.data === a) shown.replaceData(start, a.length - start - end, fresh);
    else shown.data = b;
    old.data = b;
  }

  function insert(parent, shown, node, before) {
    const ours = document.importNode(node, true);
    const theirs = document.importNode(node, true);
    pair(ours, theirs);
    parent.insertBefore(ours, before);
    shown.insertBefore(theirs, within(shown, before));
    return theirs;
  }

  function remove(parent, shown, node) {
    within(shown, node)?.remove();
    node.remove();
  }

  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

  /* Longest common subsequence of equal nodes, as pairs of places. */
  function common(olds, nows) {
    const a = olds.map((node) => node.outerHTML ?? node.data);
    const b = nows.map((node) => node.outerHTML ?? node.data);
    if (a.length * b.length > 250000) return [];
    const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
      }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] === b[j]) pairs.push([i++, j++]);
      else if (best[i + 1][j] >= best[i][j + 1]) i++;
      else j++;
    }
    return pairs;
  }

  function children(old, now, shown) {
    const olds = [...old.childNodes];
    const nows = [...now.childNodes];
    while (olds.length && nows.length && olds[0].isEqualNode(nows[0])) { olds.shift(); nows.shift(); }
    let after = null;
    while (olds.length && nows.length && olds.at(-1).isEqualNode(nows.at(-1))) { after = olds.pop(); nows.pop(); }
    let [i, j] = [0, 0];
    for (const [x, y] of [...common(olds, nows), [olds.length, nows.length]]) {
      for (; j < y; j++) {
        const near = olds.findIndex((node, k) => k >= i && k < x && alike(node, nows[j]));
        if (near < 0) insert(old, shown, nows[j], olds[i] || after);
        else {
          while (i < near) remove(old, shown, olds[i++]);
          change(olds[i++], nows[j]);
        }
      }
      while (i < x) remove(old, shown, olds[i++]);
      i = x + 1;
      j = y + 1;
    }
  }

  function change(old, now) {
    const shown = live.get(old);
    if (!shown || old.isEqualNode(now)) return;
    if (old.nodeType !== 1) return text(old, now, shown);
    attributes(old, now, shown);
    children(old, now, shown);
  }

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

  /* The first thing on screen that stays keeps its distance from the edge. */
  function anchor() {
    const found = document.elementsFromPoint(innerWidth / 2, Math.min(120, innerHeight / 3))
      .find((one) => one.closest("main") && one.tagName !== "MAIN");
    const chain = [];
    for (let one = found; one && one.tagName !== "MAIN"; one = one.parentElement) chain.push([one, one.getBoundingClientRect().top]);
    return () => {
      const [one, top] = chain.find(([node]) => node.isConnected) || [];
      if (one) scrollBy({ top: one.getBoundingClientRect().top - top, behavior: "instant" });
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
  const tell = (detail) => document.dispatchEvent(new CustomEvent("notecast:state", { detail }));
  let etag = have;
  let stream = null;
  function listen() {
    stream = new EventSource(own(`events?page=${encodeURIComponent(page)}&have=${etag}`));
    const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
    on("page", (data) => { swap(data.html); etag = data.etag; });
    on("gone", () => location.reload());
    on("files", refetch);
    on("state", tell);
    stream.onopen = () => tell({ lost: false });
    stream.onerror = () => {
      tell({ lost: true });
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
})();
