// A series: lines along a range of one figure, a coloured table over a grid of two.
import { data } from "./data.js";
import { bare, language, number, onLanguage, percent, quantity, word } from "./language.js";
import { select, table } from "./controls.js";
import { axisStyle, chart } from "./chart.js";

const title = (m) => m.t[language()];
const say = (m, x) => (x === null ? "–" : m.s ? percent(x >= 0.999999 ? 10000 : Math.floor(x * 10000)) : quantity(x, m.u));

// choices of a measure; together, where it is given, draws all satisfactions at once.
function choices(together) {
  const all = data.series.measures.map((m, i) => [i, title(m)]);
  return together ? [["all", word("satisfactions")], ...all] : all;
}

export function range(figure) {
  const axis = data.series.axes[0];
  let chosen = "all";
  const drawn = () => (chosen === "all" ? data.series.measures.filter((m) => m.l) : [data.series.measures[chosen]]);
  const option = (c, width) => {
    const lines = drawn();
    const shares = lines[0].s;
    const rows = Math.ceil(lines.reduce((a, m) => a + title(m).length * 7 + 44, 0) / width);
    const y = (x) => (shares ? percent(Math.round(x * 10000)) : number(x));
    return {
      legend: { top: 0, left: 0, textStyle: { color: c.ink, fontSize: 12 }, itemWidth: 22, selectedMode: false },
      grid: { left: 64, right: 24, top: 28 + 22 * rows, bottom: 56 },
      xAxis: {
        ...(axis.x ? { type: "value", min: axis.x[0], max: axis.x[axis.x.length - 1] } : { type: "category", data: axis.v }),
        name: axis.u ? `${axis.n} (${axis.u})` : axis.n, nameLocation: "middle", nameGap: 34, nameTextStyle: { color: c.muted, width: width - 90, overflow: "truncate" },
        ...axisStyle(c),
      },
      yAxis: {
        type: "value", ...(shares ? { min: 0, max: 1 } : {}), name: lines[0].u, nameTextStyle: { color: c.muted, align: "right" },
        ...axisStyle(c), axisLabel: { color: c.muted, formatter: y },
      },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule, textStyle: { color: c.ink },
        formatter: (xs) => [axis.v[xs[0].dataIndex], ...xs.map((x) => `${x.seriesName}: ${say(lines[x.seriesIndex], lines[x.seriesIndex].v[x.dataIndex])}`)].join("\n"),
      },
      series: lines.map((m, i) => ({
        name: title(m), type: "line", symbol: ["circle", "emptyCircle", "rect", "emptyRect", "triangle", "emptyTriangle"][i % 6], symbolSize: 7, connectNulls: false,
        data: m.v.map((v, k) => (axis.x ? [axis.x[k], v] : v)), lineStyle: { width: 2, type: i % 2 ? "dashed" : "solid" },
      })),
    };
  };
  const draw = chart(figure, "range", option, (width) => (width < 640 ? 420 : 440));
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    select(place, word("measure.series"), choices(true), chosen, (v) => {
      chosen = v === "all" ? v : Number(v);
      build();
      draw();
    });
    table(figure.querySelector(".as-table"), [axis.n, ...drawn().map((m) => `${title(m)}#`)],
      () => axis.v.map((name, k) => [name, ...drawn().map((m) => say(m, m.v[k]))]));
  };
  build();
  onLanguage(build);
}

export function grid(figure) {
  const across = data.series.axes[1].v.length;
  const rows = [...figure.querySelectorAll("tbody tr")];
  let chosen = 0;
  const draw = () => {
    const m = data.series.measures[chosen];
    const known = m.v.filter((x) => x !== null);
    const least = Math.min(...known), most = Math.max(...known);
    figure.querySelector(".shares").hidden = !m.s;
    rows.forEach((tr, i) => {
      [...tr.cells].slice(1).forEach((td, k) => {
        const x = m.v[i * across + k];
        td.className = x === null ? "" : `h${m.s ? level(x) : 6 - Math.round(most > least ? ((x - least) / (most - least)) * 6 : 0)}`;
        td.textContent = x === null ? "×" : m.s ? bare(x >= 0.999999 ? 10000 : x * 10000) : number(x);
        td.title = `${data.series.axes[0].v[i]} / ${data.series.axes[1].v[k]}, ${title(m)}: ${say(m, x)}`;
      });
    });
  };
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    select(place, word("measure.series"), choices(false), chosen, (v) => {
      chosen = Number(v);
      draw();
    });
  };
  build();
  onLanguage(build);
}

function level(x) {
  let k = 0;
  data.levels.forEach((from, i) => {
    if (x >= from) k = i;
  });
  return k;
}
