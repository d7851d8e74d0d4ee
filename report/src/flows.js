// Flows: makers, products or categories, places, groups.
import { data } from "./data.js";
import { number, onLanguage, quantity, word } from "./language.js";
import { select, table } from "./controls.js";
import { chart, short } from "./chart.js";

const flows = data.flows;

// Products are drawn together when they are counted in the same thing: weight, or their own unit.
const measureOf = (p) => (p.t > 0 ? "t" : p.u);

function measures() {
  const all = [];
  for (const p of flows.products) if (!all.includes(measureOf(p))) all.push(measureOf(p));
  return all.sort((a, b) => (b === "t") - (a === "t") || a.localeCompare(b));
}

const makerName = (i) => {
  const name = flows.makers[i];
  return name === "@bought" ? word("bought") : name === "@stock" ? word("stock") : name;
};

// What is smaller than the largest of its layer is drawn together.
const mostNodes = [14, 14, 12, 40];

function together(links) {
  const totals = new Map();
  for (const { source, target, value } of links) {
    if (source[0] === "0") totals.set(source, (totals.get(source) ?? 0) + value);
    totals.set(target, (totals.get(target) ?? 0) + value);
  }
  const name = new Map();
  mostNodes.forEach((most, depth) => {
    const layer = [...totals].filter(([n]) => Number(n[0]) === depth).sort((a, b) => b[1] - a[1]);
    layer.forEach(([n], i) => name.set(n, layer.length > most && i >= most - 1 ? `${depth} ${word("other")}` : n));
  });
  const merged = new Map();
  for (const { source, target, value } of links) {
    const key = `${name.get(source)}\u0000${name.get(target)}`;
    merged.set(key, (merged.get(key) ?? 0) + value);
  }
  return unfold(merged);
}

const unfold = (links) => [...links].map(([key, value]) => {
  const [source, target] = key.split("\u0000");
  return { source, target, value };
});

// graph adds up links between named layers; product is an index, or "all".
function graph(measure, product, narrow) {
  const links = new Map();
  const add = (a, b, q) => {
    if (!(q > 0)) return;
    const key = `${a}\u0000${b}`;
    links.set(key, (links.get(key) ?? 0) + q);
  };
  flows.products.forEach((p, i) => {
    if (measureOf(p) !== measure || (product !== "all" && i !== Number(product))) return;
    const factor = measure === "t" ? p.t : 1;
    const middle = `1 ${product === "all" ? p.c || p.n : p.n}`;
    let total = 0;
    for (const [k, q] of p.k) {
      const taker = flows.takers[k];
      total += q * factor;
      add(middle, `2 ${flows.sites[taker.s]}`, q * factor);
      if (!narrow) add(`2 ${flows.sites[taker.s]}`, `3 ${taker.n}`, q * factor);
    }
    for (const [m, share] of p.s) add(`0 ${makerName(m)}`, middle, share * total);
    if (p.s.length === 0) add(`0 ${word("unknown")}`, middle, total);
  });
  return unfold(links);
}

const plain = (name) => name.slice(2);

export function sankey(figure) {
  let measure = measures()[0];
  let product = "all";
  let links = [];
  const unit = () => measure;
  const option = (c, width) => {
    const narrow = width < 640;
    links = together(graph(measure, product, narrow));
    const depth = (n) => Number(n[0]);
    const names = [...new Set(links.flatMap((l) => [l.source, l.target]))];
    const last = narrow ? 2 : 3;
    return {
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule, textStyle: { color: c.ink },
        formatter: (x) => (x.dataType === "edge"
          ? `${plain(x.data.source)} → ${plain(x.data.target)}: ${quantity(x.data.value, unit())}`
          : `${plain(x.name)}: ${quantity(x.value, unit())}`),
      },
      series: [{
        type: "sankey", left: 2, right: narrow ? 100 : 190, top: 8, bottom: 8, nodeGap: narrow ? 8 : 7, nodeWidth: 12, layoutIterations: 48,
        draggable: false, emphasis: { focus: "adjacency" },
        data: names.map((n) => ({
          name: n, depth: depth(n), itemStyle: { color: c.series[[0, 3, 2, 4][depth(n)]] },
          label: { position: "right" },
        })),
        links,
        label: {
          color: c.ink, fontSize: narrow ? 11 : 12, formatter: (x) => short(plain(x.name), narrow ? 16 : depth(x.name) === last ? 26 : 22),
          textBorderColor: c.paper, textBorderWidth: 3,
        },
        lineStyle: { color: "source", opacity: 0.26, curveness: 0.5 },
      }],
    };
  };
  const height = (width) => (width < 640 ? 560 : Math.min(900, 240 + 22 * Math.min(40, Math.max(flows.takers.length, Math.min(flows.makers.length, 14)))));
  const draw = chart(figure, "flows", option, height);
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    const all = measures();
    if (all.length > 1) {
      select(place, word("measure"), all.map((m) => [m, m === "t" ? `${word("weight")} (t)` : m]), measure, (v) => {
        measure = v;
        product = "all";
        build();
        draw();
      });
    }
    const goods = flows.products.map((p, i) => [i, p.n]).filter(([i]) => measureOf(flows.products[i]) === measure);
    goods.sort((a, b) => a[1].localeCompare(b[1]));
    if (goods.length > 1) {
      select(place, word("goods"), [["all", word("goods.all")], ...goods], product, (v) => {
        product = v;
        build();
        draw();
      });
    }
    table(figure.querySelector(".as-table"), [word("from"), word("to"), `${word("amount")} (${unit()})#`],
      () => graph(measure, product, false).map((l) => [plain(l.source), plain(l.target), number(l.value)]));
  };
  build();
  onLanguage(build);
}
