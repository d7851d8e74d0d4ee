// Choices above a picture, and the table below it.
import { word } from "./language.js";

let count = 0;

// select adds a labelled choice; options are [value, text] pairs or
// [group, [pairs]]. change is called with the value chosen.
export function select(place, label, options, value, change) {
  const id = `choice-${++count}`;
  const wrap = document.createElement("div");
  wrap.className = "choice";
  const name = document.createElement("label");
  name.htmlFor = id;
  name.textContent = label;
  const box = document.createElement("select");
  box.id = id;
  for (const [v, text] of options) box.append(new Option(text, v, false, String(v) === String(value)));
  box.addEventListener("change", () => change(box.value));
  wrap.append(name, box);
  place.append(wrap);
  return box;
}

// table shows the figures of a picture as rows; numeric columns are marked in head by "#".
export function table(place, head, rows) {
  const details = place.querySelector("details.drawn") ?? document.createElement("details");
  const open = details.open;
  details.className = "figures drawn";
  details.replaceChildren();
  details.open = open;
  const summary = document.createElement("summary");
  summary.textContent = word("table");
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", word("table"));
  const fill = () => {
    if (details.open && !scroll.firstChild) scroll.append(grid(head, rows()));
  };
  details.append(summary, scroll);
  details.ontoggle = fill;
  fill();
  place.append(details);
}

function grid(head, rows) {
  const t = document.createElement("table");
  const top = t.createTHead().insertRow();
  for (const h of head) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = h.replace(/#$/, "");
    if (h.endsWith("#")) th.className = "n";
    top.append(th);
  }
  const body = t.createTBody();
  for (const r of rows) {
    const tr = body.insertRow();
    r.forEach((text, i) => {
      const c = document.createElement(i === 0 ? "th" : "td");
      if (i === 0) c.scope = "row";
      if (head[i].endsWith("#")) c.className = "n";
      c.textContent = text;
      tr.append(c);
    });
  }
  return t;
}
