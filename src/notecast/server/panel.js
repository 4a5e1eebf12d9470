/* What is wrong with the page, over it, and how far the site is: in a shadow tree of its
   own, so that no style of the page gets in. Entry point: `show`. */

const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
host.id = "notecast-preview";
const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("client.css", import.meta.url).href });
const box = make("div", "box");
root.append(sheet, box);
let styled = false;
let state = {};
let hidden = "";
let open = false;

function make(tag, name, ...inside) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...inside);
  return made;
}
function place({ path, line, column, editor }) {
  const where = line ? `${path}:${line}${column ? `:${column}` : ""}` : path;
  const made = make(editor ? "a" : "span", "place", where);
  if (editor) made.href = editor;
  return made;
}
function item(problem) {
  const made = make("li", problem.severity, place(problem), make("p", "message", problem.message, " ", make("code", "rule", problem.rule)));
  if (problem.excerpt && problem.excerpt.length) {
    const lines = problem.excerpt.map(({ number, text: line, marked, at }) => {
      const row = make("span", marked ? "line marked" : "line", make("span", "number", String(number).padStart(4)), " ");
      const letters = [...line];
      if (at < 0) row.append(line, "\n");
      else row.append(letters.slice(0, at).join(""), make("mark", "", letters[at] || " "), letters.slice(at + 1).join(""), "\n");
      return row;
    });
    made.append(make("pre", "excerpt", make("code", "", ...lines)));
  }
  if (problem.hint) made.append(make("p", "hint", problem.hint));
  return made;
}
const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
/* What scrolls is reached by keyboard, too. */
const reachable = (node) => Object.assign(node, { tabIndex: 0 });
function list(problems, count) {
  const made = make("ul", "", ...problems.map(item));
  if (count > problems.length) made.append(make("li", "note", `and ${count - problems.length} more`));
  return made;
}
function button(label, act) {
  const made = make("button", "", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function overlay({ errors, counts }) {
  const made = make("section", "overlay",
    make("header", "", make("h1", "", many(counts.errors, "error")), button("Hide (Esc)", hide)),
    list(errors, counts.errors),
    make("p", "note", "This goes by itself as soon as it is mended. Behind it is the last page that could be made."));
  made.setAttribute("role", "alert");
  made.setAttribute("aria-label", "Errors");
  return reachable(made);
}
function panel(words, { warnings = [], others = [], counts = {} }) {
  const folds = warnings.length || others.length;
  const head = button(words.join(" · "), () => { if (folds) open = !open; hidden = ""; draw(); });
  const made = make("section", "panel", head);
  made.setAttribute("aria-label", "Preview");
  if (folds) head.setAttribute("aria-expanded", open);
  if (!folds || !open) return made;
  const inside = [];
  if (warnings.length) inside.push(list(warnings, counts.warnings));
  if (others.length) inside.push(make("h2", "", "Elsewhere"), list(others, counts.others));
  made.append(reachable(make("div", "list", ...inside)));
  return made;
}
function draw() {
  const { errors = [], warnings = [], others = [], counts = {}, building, lost } = state;
  const isHidden = JSON.stringify(errors) === hidden;
  const words = [];
  if (lost) words.push("the preview has stopped");
  else if (building) words.push(`reading notes: ${building[0]} of ${building[1]}`);
  if (errors.length && isHidden) words.push(many(counts.errors, "error"));
  if (warnings.length) words.push(many(counts.warnings, "warning"));
  const mild = counts.others - counts.grave;
  if (counts.grave) words.push(`${many(counts.grave, "error")} elsewhere`);
  if (mild) words.push(`${many(mild, "warning")} elsewhere`);
  const parts = [];
  if (errors.length && !isHidden) parts.push(overlay(state));
  if (words.length) parts.push(panel(words, state));
  renew(parts);
}
/* Nothing is shown before it can be shown well. */
sheet.onload = sheet.onerror = () => { styled = true; draw(); };
/* Reading goes on where it was: scroll and focus stay. */
function renew(parts) {
  const scrolled = [".overlay", ".list"].map((name) => [name, box.querySelector(name)?.scrollTop]);
  const within = root.activeElement?.closest("section")?.className;
  box.replaceChildren(...parts);
  for (const [name, top] of scrolled) if (top) box.querySelector(name)?.scrollTo(0, top);
  if (within) box.querySelector(`.${within} button`)?.focus({ preventScroll: true });
  for (const mark of box.querySelectorAll("mark")) {
    const lines = mark.closest("pre");
    const past = mark.offsetLeft + mark.offsetWidth - lines.offsetLeft - lines.clientWidth;
    if (past > 0) lines.scrollLeft = past + lines.clientWidth / 2;
  }
}
function hide() {
  hidden = JSON.stringify(state.errors);
  draw();
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.querySelector(".overlay")) hide();
});

/* Takes in what the server says, or that it says nothing any more (`lost`). */
export function show(told) {
  const next = "lost" in told ? { ...state, ...told } : { ...told, lost: false };
  if (JSON.stringify(next) === JSON.stringify(state) && host.isConnected) return;
  state = next;
  if (!host.isConnected) document.documentElement.append(host);
  if (styled) draw();
}
