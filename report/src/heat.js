// Satisfaction by group and need, and by need and period: both stand in the
// page already; here they can be asked for one period or one group.
import { data } from "./data.js";
import { bare, onLanguage, percent, period, word } from "./language.js";
import { select } from "./controls.js";

const required = (cell, t) => (cell.r ? (t < cell.r.length ? cell.r[t] : cell.r[1]) : 0);

function level(x) {
  let k = 0;
  data.levels.forEach((from, i) => {
    if (x >= Math.round(from * 10000)) k = i;
  });
  return k;
}

// served of one need, in ten-thousandths; null where nothing is needed.
function at(cell, mode) {
  if (!cell.s) return null;
  if (mode === "worst") {
    const known = cell.s.filter((x) => x >= 0);
    return known.length ? Math.min(...known) : null;
  }
  if (mode !== "all") return cell.s[mode] >= 0 ? cell.s[mode] : null;
  return share(cell.s.map((x, t) => [x, required(cell, t)]));
}

// share of pairs [satisfaction, required], weighed by what is required.
function share(pairs) {
  let sum = 0, all = 0;
  for (const [x, r] of pairs) {
    if (x < 0 || !(r > 0)) continue;
    sum += x * r;
    all += r;
  }
  return all > 0 ? Math.min(10000, Math.floor(sum / all + 1e-6)) : null;
}

export function heat(figure) {
  const rows = figure.querySelectorAll("tbody tr");
  const turned = figure.querySelector("table").dataset.turned === "true";
  let mode = "all";
  const draw = () => {
    rows.forEach((tr, row) => {
      [...tr.cells].slice(1).forEach((td, column) => {
        const [a, n] = turned ? [column, row] : [row, column];
        const x = at(data.heat[a][n], mode);
        td.className = x === null ? "" : `h${level(x)}`;
        td.textContent = x === null ? "·" : bare(x);
        td.title = x === null || x === 10000 ? "" : `${data.agents[a]}, ${data.needs[n]}: ${percent(x)}`;
      });
    });
  };
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    const options = [["all", word("all")], ["worst", word("worst")]];
    if (data.timeline) for (let t = 1; t <= data.periods; t++) options.push([t, period(t)]);
    if (data.periods > 1) {
      select(place, word("when"), options, mode, (v) => {
        mode = v === "all" || v === "worst" ? v : Number(v);
        draw();
      });
    }
  };
  build();
  onLanguage(build);
}

export function timeline(figure) {
  let group = "mean";
  const rows = [...figure.querySelectorAll("tbody tr")];
  if (rows.length !== data.timeline.length) return; // more needs than the page's data holds: the picture stays as it is
  const value = (n, t) => {
    const column = data.heat.map((row) => row[n]).filter((cell) => cell.s);
    if (group === "mean") return share(column.map((cell) => [cell.s[t], required(cell, t)]));
    if (group === "worst") {
      const known = column.map((cell) => cell.s[t]).filter((x) => x >= 0);
      return known.length ? Math.min(...known) : null;
    }
    const cell = data.heat[group][n];
    return cell.s && cell.s[t] >= 0 ? cell.s[t] : null;
  };
  const draw = () => {
    rows.forEach((tr, row) => {
      const n = data.timeline[row];
      [...tr.cells].slice(1).forEach((td, i) => {
        const x = value(n, i + 1);
        td.className = x === null ? "" : `h${level(x)}`;
        td.firstElementChild.textContent = x === null ? "" : bare(x);
        td.title = x === null ? "" : `${data.needs[n]}, ${period(i + 1)}: ${percent(x)}`;
      });
    });
  };
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    const options = [["mean", word("groups.mean")], ["worst", word("groups.worst")], ...data.agents.map((name, i) => [i, name])];
    select(place, word("group"), options, group, (v) => {
      group = v === "mean" || v === "worst" ? v : Number(v);
      draw();
    });
  };
  build();
  onLanguage(build);
}
