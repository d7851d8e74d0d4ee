// How much of a product is kept, at which place, through the periods.
import { data } from "./data.js";
import { axisName, number, onLanguage, period, quantity, word } from "./language.js";
import { select, table } from "./controls.js";
import { axisStyle, chart } from "./chart.js";

const name = (t) => (t === 0 ? word("start") : axisName(t));

export function stocks(figure) {
  const products = [...new Set(data.stocks.map((s) => s.p))].sort((a, b) => a.localeCompare(b));
  const swing = (p) => {
    let most = 0;
    for (const s of data.stocks) if (s.p === p) most += new Set(s.l).size;
    return most;
  };
  // The product whose stock moves most is the most telling one to begin with.
  let product = products.reduce((a, b) => (swing(b) > swing(a) ? b : a));
  const series = () => data.stocks.filter((s) => s.p === product)
    .sort((a, b) => Math.max(...b.l) - Math.max(...a.l));
  const option = (c, width) => {
    const list = series();
    const drawn = list.slice(0, 9);
    const rest = list.slice(9);
    const lines = drawn.map((s) => ({ name: s.s, level: s.l }));
    if (rest.length) lines.push({ name: word("other"), level: rest[0].l.map((_, t) => rest.reduce((a, s) => a + s.l[t], 0)) });
    const rows = Math.ceil(lines.reduce((a, l) => a + l.name.length * 7 + 40, 0) / width);
    return {
      legend: { top: 0, left: 0, textStyle: { color: c.ink, fontSize: 12 }, icon: "roundRect", itemWidth: 12, itemHeight: 12, selectedMode: false },
      grid: { left: 64, right: 16, top: 24 + 24 * rows, bottom: 30 },
      xAxis: { type: "category", boundaryGap: false, data: lines[0].level.map((_, t) => name(t)), ...axisStyle(c) },
      yAxis: {
        type: "value", name: list[0].u, nameTextStyle: { color: c.muted, align: "right" }, ...axisStyle(c),
        axisLabel: { color: c.muted, formatter: (x) => number(x) },
      },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule, textStyle: { color: c.ink },
        formatter: (xs) => [period(xs[0].dataIndex), ...xs.filter((x) => x.value > 0).map((x) => `${x.seriesName}: ${quantity(x.value, list[0].u)}`)].join("\n"),
      },
      series: lines.map((l) => ({
        name: l.name, type: "line", stack: "kept", symbol: "none", data: l.level, lineStyle: { width: 1.5 }, areaStyle: { opacity: 0.35 },
      })),
    };
  };
  const draw = chart(figure, "stocks", option, (width) => (width < 640 ? 340 : 380));
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    select(place, word("product"), products.map((p) => [p, p]), product, (v) => {
      product = v;
      build();
      draw();
    });
    table(figure.querySelector(".as-table"), [word("place"), word("when"), `${word("amount")}#`],
      () => series().flatMap((s) => s.l.map((q, t) => [s.s, period(t), quantity(q, s.u)])));
  };
  build();
  onLanguage(build);
}
