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
  const behavior = () => (calm.matches ? "auto" : "smooth");

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
      help.addEventListener("click", (event) => event.target === help && help.close());
    }
    if (!help.open) help.showModal();
  }

  /* Search is fetched when it is first wanted; where that fails its page is left to answer. */
  const searchLink = $("[data-search]");
  const showSearch = () => import(searchLink.dataset.search)
    .then((search) => search.open(searchLink))
    .catch(() => (location.href = searchLink.href));
  searchLink?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    showSearch();
  });

  /* Buttons of the bar, in room that is kept for them: nothing moves when they come. */
  for (const [name, act] of [["theme", switchTheme], ["help", showHelp]]) {
    const button = ui(name);
    button.addEventListener("click", act);
    $(".buttons")?.append(button);
  }

  /* Copy buttons on code. Line numbers are drawn by the stylesheet: they are not in the text. */
  for (const code of $$(".body pre > code")) {
    const pre = code.parentElement;
    const button = ui("copy");
    const word = button.textContent;
    const frame = document.createElement("div");
    frame.className = "code-frame";
    pre.replaceWith(frame);
    frame.append(pre, button);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
      } catch {
        getSelection().selectAllChildren(code);
        if (!document.execCommand("copy")) return;
        getSelection().removeAllRanges();
      }
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = word), 1600);
    });
  }

  /* The source of the note, where the site publishes it. */
  const source = $(".copy-source");
  if (source) {
    const word = source.textContent;
    source.hidden = false;
    source.addEventListener("click", async () => {
      const text = fetch(source.dataset.source).then((answer) => answer.text());
      await navigator.clipboard.writeText(await text);
      source.textContent = source.dataset.done;
      setTimeout(() => (source.textContent = word), 1600);
    });
  }

  /* What scrolls by itself can be reached and scrolled by keyboard. */
  const scrollers = $$(".body :is(pre, table, .table, .math-display, math)");
  const reach = () => {
    const larger = scrollers.map(
      (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1,
    );
    scrollers.forEach((box, nth) => {
      if (larger[nth] && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  };
  if (scrollers.length) {
    reach();
    addEventListener("resize", reach, { passive: true });
  }

  /* Contents: marks the section that is being read. */
  const toc = $(".outline");
  if (toc) {
    const links = $$("a[href^='#']", toc);
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    let current = -1;
    let asked = false;
    const follow = () => {
      asked = false;
      const line = Math.min(innerHeight * 0.3, 240);
      let found = -1;
      for (let n = 0; n < targets.length; n++) {
        if (targets[n] && targets[n].getBoundingClientRect().top <= line) found = n;
      }
      if (found === current) return;
      links[current]?.removeAttribute("aria-current");
      current = found;
      const link = links[current];
      if (!link) return;
      link.setAttribute("aria-current", "true");
      if (wide.matches) {
        const box = toc.getBoundingClientRect();
        const at = link.getBoundingClientRect();
        if (at.top < box.top + 40 || at.bottom > box.bottom - 40) {
          toc.scrollTop += at.top - box.top - box.height / 2;
        }
      }
    };
    addEventListener("scroll", () => {
      if (!asked) requestAnimationFrame(follow);
      asked = true;
    }, { passive: true });
    follow();
    /* On a phone the list folds again behind the reader who chose from it. */
    toc.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) $("details", toc).open = false;
    });
    /* Browsers without ::details-content show the list on wide screens by this. */
    if (!CSS.supports("selector(::details-content)")) {
      const unfold = () => ($("details", toc).open = wide.matches);
      wide.addEventListener("change", unfold);
      unfold();
    }
  }

  /* Footnotes stand beside the text where there is room; at its end else, and on paper.
     They are moved, not copied. Those with code, tables or pictures are too wide for a margin. */
  const body = $(".body");
  const notes = $$(".footnotes > ol > li").map((note) => {
    const ref = $(`sup a[href="#${note.id}"]`, body);
    const side = document.createElement("aside");
    side.className = "sidenote";
    side.setAttribute("role", "doc-footnote");
    note.value = side.dataset.number = ref?.textContent;
    return { note, ref, side, id: note.id };
  }).filter(({ note, ref }) => ref && !ref.closest(".footnotes") && !$("pre, table, figure, img, .math-display", note));
  const moveNotes = (beside) => {
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
    const top = body.getBoundingClientRect().top;
    let low = ($(".margin")?.getBoundingClientRect().bottom ?? 0) - top;
    for (const side of $$(".body > :is(.sidenote, .aside)")) {
      side.style.top = "";
      const ref = notes.find((one) => one.side === side)?.ref;
      side.hidden = ref?.checkVisibility?.() === false;
      if (side.hidden) continue;
      const at = (ref ? ref.getBoundingClientRect().top - 4 : side.getBoundingClientRect().top) - top;
      if (ref || at < low) side.style.top = `${Math.max(low, at)}px`;
      low = Math.max(low, at) + side.offsetHeight + 12;
    }
  };
  if (notes.length || $(".body > .aside")) {
    const settle = () => { moveNotes(wide.matches); spread(); };
    wide.addEventListener("change", settle);
    new ResizeObserver(spread).observe(body);
    addEventListener("beforeprint", () => moveNotes(false));
    addEventListener("afterprint", settle);
    settle();
  }

  /* Folded parts are printed too, and formulas wider than paper (46 em on A4) smaller. */
  let folded = [];
  const formulas = $$(".math-display");
  addEventListener("beforeprint", () => {
    folded = $$(".body details:not([open])");
    folded.forEach((part) => (part.open = true));
    const wide = formulas.map((box) => box.scrollWidth / parseFloat(getComputedStyle(box).fontSize));
    formulas.forEach((box, nth) => wide[nth] > 46 && (box.style.fontSize = `${46 / wide[nth]}em`));
  });
  addEventListener("afterprint", () => {
    folded.forEach((part) => (part.open = false));
    formulas.forEach((box) => (box.style.fontSize = ""));
  });

  /* A copied formula is its TeX, which every MathML of ours carries. */
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0).cloneRange();
    const at = range.commonAncestorContainer;
    const inside = (at.closest ? at : at.parentElement)?.closest("math");
    if (inside) range.selectNode(inside);
    const copied = document.createElement("div");
    copied.append(range.cloneContents());
    const formulas = $$("math", copied);
    if (!formulas.length) return;
    for (const math of formulas) {
      const tex = $("annotation", math)?.textContent ?? math.textContent;
      const edge = math.getAttribute("display") === "block" ? "$$" : "$";
      math.replaceWith(edge + tex + edge);
    }
    /* innerText knows lines and paragraphs only for what is laid out. */
    copied.className = "copied";
    document.body.append(copied);
    event.clipboardData.setData("text/plain", copied.innerText);
    copied.remove();
    event.preventDefault();
  });

  /* A label that is named often has its preview with the first references only. */
  const peek = (event) => {
    const ref = event.target.closest?.(".ref");
    if (!ref || $(".peek", ref)) return;
    const href = $("a", ref)?.getAttribute("href");
    const first = $$(".ref:has(.peek) > a").find((link) => link.getAttribute("href") === href);
    if (first) ref.append($(".peek", first.parentNode).cloneNode(true));
  };
  addEventListener("pointerover", peek);
  addEventListener("focusin", peek);

  /* j and k: through the notes of a list, or the sections of a note. */
  function move(step) {
    const cards = $$(".card");
    if (cards.length) {
      const links = cards.map((card) => $(":is(h2, h3) a", card) ?? $("a", card));
      const at = cards.findIndex((card) => card.contains(document.activeElement));
      const link = links[Math.max(0, Math.min(links.length - 1, at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step))];
      link.focus({ preventScroll: true });
      link.closest(".card").scrollIntoView({ block: "nearest", behavior: behavior() });
      return;
    }
    const tops = $$(".body :is(h2, h3)").map((heading) => heading.getBoundingClientRect().top - 32);
    const next = step > 0 ? tops.find((top) => top > 8) : tops.findLast((top) => top < -8);
    if (next !== undefined) scrollBy({ top: next, behavior: behavior() });
    else if (step < 0) scrollTo({ top: 0, behavior: behavior() });
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "?": showHelp,
    "/": () => (searchLink ? void showSearch() : false),
  };
  for (const kind of ["mouseout", "focusin"]) addEventListener(kind, () => delete root.dataset.quiet);
  addEventListener("keydown", (event) => {
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
