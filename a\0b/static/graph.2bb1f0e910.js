/* The graph: what a note is linked to stands out while the pointer or the focus is
   on it, names are found, the picture moves and grows. Without this it is read as it is. */
const svg = document.querySelector(".graph svg");
const tools = document.querySelector(".graph-tools");
const NAMES = 14;

const nodes = [...svg.querySelectorAll(".node")].map((element) => {
  const dot = element.querySelector("circle");
  return {
    element,
    x: +dot.getAttribute("cx"),
    y: +dot.getAttribute("cy"),
    title: element.querySelector("title").textContent,
    near: new Set(),
  };
});
const at = new Map(nodes.map((node) => [`${node.x} ${node.y}`, node]));
const of = new Map(nodes.map((node) => [node.element, node]));
/* A line is drawn from place to place, and no two notes have one place. */
for (const path of svg.querySelectorAll("path:not(.into)")) {
  for (const [, start, end] of path.getAttribute("d").matchAll(/M([-\d.]+ [-\d.]+)(?:L|Q[-\d.]+ [-\d.]+ )([-\d.]+ [-\d.]+)/g)) {
    const [from, to] = [at.get(start), at.get(end)];
    if (from && to) {
      from.near.add(to);
      to.near.add(from);
    }
  }
}

const layer = svg.appendChild(document.createElementNS(svg.namespaceURI, "g"));
layer.setAttribute("class", "over");
const drawn = (name, attributes, text = "") => {
  const element = document.createElementNS(svg.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  layer.append(element);
};
const islands = svg.querySelector(".island") !== null;

function show(chosen) {
  layer.replaceChildren();
  svg.classList.toggle("chosen", chosen.length > 0);
  const marked = new Set(chosen.flatMap((node) => [node, ...(chosen.length === 1 ? node.near : [])]));
  for (const node of nodes) node.element.classList.toggle("marked", marked.has(node));
  if (!islands) return;
  if (chosen.length === 1) {
    for (const other of chosen[0].near) {
      drawn("path", { d: `M${chosen[0].x} ${chosen[0].y}L${other.x} ${other.y}` });
    }
  }
  const scale = box[2] / svg.clientWidth;
  for (const node of [...marked].slice(0, NAMES)) {
    drawn("text", { x: node.x, y: node.y - 9 * scale, "font-size": 12 * scale }, node.title);
  }
}

/* Where the picture is looked at: left, top, width, height. */
const whole = svg.getAttribute("viewBox").split(" ").map(Number);
let box = [...whole];
const look = (next) => {
  box = next;
  svg.setAttribute("viewBox", box.join(" "));
};
function zoom(factor, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) {
  const width = Math.min(whole[2], Math.max(whole[2] / 12, box[2] / factor));
  const by = width / box[2];
  look(width === whole[2] ? [...whole] : [x - (x - box[0]) * by, y - (y - box[1]) * by, width, box[3] * by]);
}
const place = (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
};

let held = null;
let moved = false;
svg.addEventListener("pointerover", (event) => {
  const node = of.get(event.target.closest(".node"));
  if (node && !held) show([node]);
});
svg.addEventListener("pointerout", (event) => {
  if (event.target.closest(".node") && !held) find();
});
svg.addEventListener("wheel", (event) => {
  /* The page scrolls as ever; with Ctrl, as with two fingers, the picture grows. */
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...place(event));
}, { passive: false });
svg.addEventListener("pointerdown", (event) => {
  moved = false;
  if (event.button === 0 && event.pointerType === "mouse") held = { x: event.clientX, y: event.clientY, box };
});
addEventListener("pointermove", (event) => {
  if (!held) return;
  const by = held.box[2] / svg.clientWidth;
  const [x, y] = [(event.clientX - held.x) * by, (event.clientY - held.y) * by];
  moved ||= Math.abs(x) + Math.abs(y) > 4 * by;
  if (moved) look([held.box[0] - x, held.box[1] - y, held.box[2], held.box[3]]);
});
addEventListener("pointerup", () => { held = null; });
svg.addEventListener("dragstart", (event) => event.preventDefault());
svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); });

const input = tools.querySelector("input");
const found = () => {
  const wanted = input.value.trim().toLowerCase();
  return wanted ? nodes.filter((node) => node.title.toLowerCase().includes(wanted)) : [];
};
const find = () => show(found());
input.addEventListener("input", find);
input.addEventListener("keydown", (event) => {
  const first = event.key === "Enter" && found()[0];
  if (first) location.href = first.element.href.baseVal;
});
for (const button of tools.querySelectorAll("button")) {
  button.addEventListener("click", () => (+button.dataset.zoom ? zoom(+button.dataset.zoom) : look([...whole])));
}
tools.hidden = false;
/* The list names notes, too. */
for (const link of document.querySelectorAll(".graph .tree a")) {
  const node = nodes.find((one) => one.element.href.baseVal === link.getAttribute("href"));
  if (!node) continue;
  for (const name of ["pointerenter", "focus"]) link.addEventListener(name, () => show([node]));
  for (const name of ["pointerleave", "blur"]) link.addEventListener(name, find);
}
