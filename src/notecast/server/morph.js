/* Makes the changes between the page as it was sent before and as it is sent now to the
   live page: what scripts and the reader did to it stays. Entry point: `change`. */

/* The live node for each node of the page as it was sent. */
export const live = new WeakMap();

/* `sent` is the page as it was sent. */
export const sent = document.documentElement.cloneNode(true);

function pair(a, b) {
  live.set(a, b);
  for (let x = a.firstChild, y = b.firstChild; x && y; x = x.nextSibling, y = y.nextSibling) pair(x, y);
}
pair(sent, document.documentElement);

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

export function insert(parent, shown, node, before) {
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

export function change(old, now) {
  const shown = live.get(old);
  if (!shown || old.isEqualNode(now)) return;
  if (old.nodeType !== 1) return text(old, now, shown);
  attributes(old, now, shown);
  children(old, now, shown);
}
