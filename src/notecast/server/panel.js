/* What is wrong with the page, over it, and how far the site is: in a shadow tree of its
   own, so that no style of the page gets in. Entry point: `show`. */

const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
host.id = "notecast-preview";
const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("client.css", import.meta.url).href });
const box = make("div", "box");
root.append(sheet, box);
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
    const lines = problem.excerpt.map(({ number, text: line, marked }) => {
      const row = make("span", marked ? "line marked" : "line", make("span", "number", String(number).padStart(4)), " ");
      const at = marked && problem.column ? problem.column - 1 : -1;
      const letters = [...line];
      if (at < 0) row.append(line, "\n");
      else row.append(letters.slice(0, at).join(""), make("mark", "", letters[at] || " "), letters.slice(at + 1).join(""), "\n");
      return row;
    });
    made.append(make("pre", "excerpt", ...lines));
  }
  if (problem.hint) made.append(make("p", "hint", problem.hint));
  return made;
}
const list = (problems) => make("ul", "", ...problems.map(item));
const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
function button(label, act) {
  const made = make("button", "", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function draw() {
  const parts = [];
  const { errors = [], warnings = [], others = [], counts = {}, building, lost } = state;
  const key = JSON.stringify(errors);
  if (errors.length && key !== hidden) {
    const overlay = make("section", "overlay",
      make("header", "", make("h1", "", many(counts.errors, "error")), button("Hide (Esc)", hide)),
      list(errors), make("p", "note", "Behind this is the last good page. It is renewed as soon as this is mended."));
    overlay.setAttribute("role", "alert");
    overlay.setAttribute("aria-label", "Errors");
    parts.push(overlay);
  }
  const words = [];
  if (lost) words.push("the preview has stopped");
  else if (building) words.push(`reading notes: ${building[0]} of ${building[1]}`);
  if (errors.length && key === hidden) words.push(many(counts.errors, "error"));
  if (warnings.length) words.push(many(counts.warnings, "warning"));
  if (others.length) words.push(`${many(counts.others, "problem")} elsewhere`);
  if (words.length) {
    const panel = make("section", "panel", button(words.join(" · "), () => { open = !open; hidden = ""; draw(); }));
    panel.setAttribute("aria-label", "Preview");
    if (open && (warnings.length || others.length)) panel.append(list(warnings), list(others));
    parts.push(panel);
  }
  box.replaceChildren(...parts);
  if (!host.isConnected) document.documentElement.append(host);
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
  state = "lost" in told ? { ...state, ...told } : { ...told, lost: false };
  draw();
}
