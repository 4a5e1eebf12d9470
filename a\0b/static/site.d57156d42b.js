/* Comforts on top of pages that work without: theme switch, copy buttons, the
   current section in the contents, keys. Every button comes from
   <template id="ui"> in base.html, so that without scripts none is there in vain. */
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const ui = (name) => $(`[data-ui=${name}]`, $("#ui").content).cloneNode(true);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const wide = matchMedia("(min-width: 78rem)");
  const on = (target, kind, act, options) => target.addEventListener(kind, act, options);
  const box = (element) => element.getBoundingClientRect();
  const make = (name, className = "") => Object.assign(document.createElement(name), { className });
  const pace = () => (calm.matches ? "auto" : "smooth");

  /* Theme: a choice that equals the system's is forgotten, so that it follows again. */
  const system = matchMedia("(prefers-color-scheme: dark)");
  function switchTheme() {
    const now = root.dataset.theme || (system.matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    const same = (next === "dark") === system.matches;
    if (same) delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (same) localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch { /* no storage: the choice lasts for this page */ }
  }

  /* Help */
  let help;
  function showHelp() {
    if (!help) {
      help = ui("dialog");
      document.body.append(help);
      on(help, "click", (event) => event.target === help && help.close());
    }
    if (!help.open) help.showModal();
  }

  /* Search is fetched when it is first wanted; where that fails its page is left to answer. */
  const finder = $("[data-search]");
  const showSearch = () => import(finder.dataset.search)
    .then((search) => search.open(finder))
    .catch(() => (location.href = finder.href));
  if (finder) on(finder, "click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showSearch();
  });

  /* Buttons of the bar, in room that is kept for them: nothing moves when they come. */
  for (const [name, act] of [["theme", switchTheme], ["help", showHelp]]) {
    const button = ui(name);
    on(button, "click", act);
    $(".buttons")?.append(button);
  }

  const confirm = (button) => {
    const word = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = word), 1600);
  };

  /* Copy buttons on code. Line numbers are drawn by the stylesheet: they are not in the text. */
  for (const code of $$(".body pre > code")) {
    const pre = code.parentElement;
    const button = ui("copy");
    const frame = make("div", "code-frame");
    pre.replaceWith(frame);
    frame.append(pre, button);
    on(button, "click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
      } catch {
        getSelection().selectAllChildren(code);
        if (!document.execCommand("copy")) return;
        getSelection().removeAllRanges();
      }
      confirm(button);
    });
  }

  /* The source of the note, where the site publishes it. */
  const source = $(".copy-source");
  if (source) {
    source.hidden = false;
    on(source, "click", async () => {
      const text = fetch(source.dataset.source).then((answer) => answer.text());
      await navigator.clipboard.writeText(await text);
      confirm(source);
    });
  }

  /* What scrolls by itself can be reached and scrolled by keyboard. */
  const boxes = $$(".body :is(pre, table, .table, .math-display, math)");
  const reach = () => {
    const big = boxes.map(
      (part) => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1,
    );
    boxes.forEach((part, nth) => {
      if (big[nth] && getComputedStyle(part).overflowX !== "visible") part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    });
  };
  if (boxes.length) {
    reach();
    on(window, "resize", reach, { passive: true });
  }

  /* Contents: marks the section that is being read. */
  const toc = $(".outline");
  if (toc) {
    const links = $$("a[href^='#']", toc);
    const parts = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    let at = -1;
    let due = false;
    const follow = () => {
      due = false;
      const line = Math.min(innerHeight * 0.3, 240);
      const found = parts.findLastIndex((part) => part && box(part).top <= line);
      if (found === at) return;
      if (links[at]) links[at].ariaCurrent = null;
      at = found;
      const link = links[at];
      if (!link) return;
      link.ariaCurrent = "true";
      if (wide.matches) {
        const list = box(toc);
        const entry = box(link);
        if (entry.top < list.top + 40 || entry.bottom > list.bottom - 40) {
          toc.scrollTop += entry.top - list.top - list.height / 2;
        }
      }
    };
    on(window, "scroll", () => {
      if (!due) requestAnimationFrame(follow);
      due = true;
    }, { passive: true });
    follow();
    /* On a phone the list folds again behind the reader who chose from it. */
    on(toc, "click", (event) => {
      if (event.target.closest("a") && !wide.matches) $("details", toc).open = false;
    });
    /* Browsers without ::details-content show the list on wide screens by this. */
    if (!CSS.supports("selector(::details-content)")) {
      const unfold = () => ($("details", toc).open = wide.matches);
      on(wide, "change", unfold);
      unfold();
    }
  }

  /* Footnotes stand beside the text where there is room; at its end else, and on paper.
     They are moved, not copied. Those with code, tables or pictures are too wide for a margin. */
  const body = $(".body");
  const notes = $$(".footnotes > ol > li").map((note) => {
    const ref = $(`sup a[href="#${note.id}"]`, body);
    const side = make("aside", "sidenote");
    side.role = "doc-footnote";
    note.value = side.dataset.number = ref?.textContent;
    return { note, ref, side, id: note.id };
  }).filter(({ note, ref }) => ref && !ref.closest(".footnotes") && !$("pre, table, figure, img, .math-display", note));
  const place = (beside) => {
    for (const { note, ref, side, id } of notes) {
      if (beside === side.isConnected) continue;
      const [from, to] = beside ? [note, side] : [side, note];
      to.append(...from.childNodes);
      from.removeAttribute("id");
      to.id = id;
      note.classList.toggle("beside", beside);
      if (!beside) side.remove();
      else {
        let block = ref;
        while (block.parentElement !== body) block = block.parentElement;
        while (block.nextElementSibling?.className === "sidenote") block = block.nextElementSibling;
        block.after(side);
        if (location.hash === `#${id}`) side.scrollIntoView({ block: "nearest" });
      }
    }
  };
  /* None covers another: what is too near goes further down. */
  const spread = () => {
    const top = box(body).top;
    const margin = $(".margin");
    let low = (margin ? box(margin).bottom : 0) - top;
    for (const side of $$(".body > :is(.sidenote, .aside)")) {
      side.style.top = "";
      const ref = notes.find((one) => one.side === side)?.ref;
      side.hidden = ref?.checkVisibility?.() === false;
      if (side.hidden) continue;
      const at = (ref ? box(ref).top - 4 : box(side).top) - top;
      low = Math.max(low, at);
      if (ref || at < low) side.style.top = `${low}px`;
      low += side.offsetHeight + 12;
    }
  };
  if (notes.length || $(".body > .aside")) {
    const settle = () => { place(wide.matches); spread(); };
    on(wide, "change", settle);
    new ResizeObserver(spread).observe(body);
    on(window, "beforeprint", () => place(false));
    on(window, "afterprint", settle);
    settle();
  }

  /* Folded parts are printed too, and formulas wider than paper (46 em on A4) smaller. */
  let folded = [];
  const formulas = $$(".math-display");
  on(window, "beforeprint", () => {
    folded = $$(".body details:not([open])");
    folded.forEach((part) => (part.open = true));
    const wide = formulas.map((one) => one.scrollWidth / parseFloat(getComputedStyle(one).fontSize));
    formulas.forEach((one, nth) => wide[nth] > 46 && (one.style.fontSize = `${46 / wide[nth]}em`));
  });
  on(window, "afterprint", () => {
    folded.forEach((part) => (part.open = false));
    formulas.forEach((one) => (one.style.fontSize = ""));
  });

  /* A copied formula is its TeX, which every MathML of ours carries. */
  on(document, "copy", (event) => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0).cloneRange();
    const at = range.commonAncestorContainer;
    const inside = (at.closest ? at : at.parentElement)?.closest("math");
    if (inside) range.selectNode(inside);
    const copied = make("div", "copied");
    copied.append(range.cloneContents());
    const formulas = $$("math", copied);
    if (!formulas.length) return;
    for (const math of formulas) {
      const tex = $("annotation", math)?.textContent ?? math.textContent;
      const edge = math.getAttribute("display") === "block" ? "$$" : "$";
      math.replaceWith(edge + tex + edge);
    }
    /* innerText knows lines and paragraphs only for what is laid out. */
    document.body.append(copied);
    event.clipboardData.setData("text/plain", copied.innerText);
    copied.remove();
    event.preventDefault();
  });

  /* A label that is named often has its preview with the first references only. */
  const peek = (event) => {
    const ref = event.target.closest?.(".ref");
    if (!ref || $(".peek", ref)) return;
    const first = $$(".ref:has(.peek) > a").find((link) => link.href === $("a", ref)?.href);
    if (first) ref.append($(".peek", first.parentNode).cloneNode(true));
  };
  on(window, "pointerover", peek);
  on(window, "focusin", peek);

  /* j and k: through the notes of a list, or the sections of a note. */
  function move(step) {
    const cards = $$(".card");
    if (cards.length) {
      const links = cards.map((card) => $(":is(h2, h3) a", card) ?? $("a", card));
      const at = cards.findIndex((card) => card.contains(document.activeElement));
      const last = links.length - 1;
      const link = links[at < 0 ? (step > 0 ? 0 : last) : Math.max(0, Math.min(last, at + step))];
      link.focus({ preventScroll: true });
      link.closest(".card").scrollIntoView({ block: "nearest", behavior: pace() });
      return;
    }
    const tops = $$(".body :is(h2, h3)").map((heading) => box(heading).top - 32);
    const next = step > 0 ? tops.find((top) => top > 8) : tops.findLast((top) => top < -8);
    if (next !== undefined) scrollBy({ top: next, behavior: pace() });
    else if (step < 0) scrollTo({ top: 0, behavior: pace() });
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "?": showHelp,
    "/": () => (finder ? void showSearch() : false),
  };
  for (const kind of ["mouseout", "focusin"]) on(window, kind, () => delete root.dataset.quiet);
  on(window, "keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    if (event.key === "Escape") {
      root.dataset.quiet = ""; // previews, until the pointer or the focus goes elsewhere
      if (!wide.matches) $(".outline details[open]")?.removeAttribute("open");
      document.activeElement?.blur();
    } else if (Object.hasOwn(keys, event.key) && keys[event.key]() !== false) {
      event.preventDefault();
    }
  });
})();
