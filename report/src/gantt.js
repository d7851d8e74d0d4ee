// What happens when: a row for each recipe, a bar where runs start.
import { data } from "./data.js";
import { axisName, onLanguage, period, quantity, word } from "./language.js";
import { select, table } from "./controls.js";
import { axisStyle, chart, short } from "./chart.js";

const rowHeight = 26;
const namedRow = 38; // who does it stands below the name
const narrowRow = 46; // the name stands above its bars

const organisations = () => [...new Set(data.runs.map((r) => r.a))];

export function gantt(figure) {
  const names = organisations();
  let who = data.runs.length > 24 ? names[0] : "all";
  const rows = () => data.runs.filter((r) => who === "all" || r.a === who);
  const option = (c, width) => {
    const narrow = width < 640;
    const list = rows();
    const bars = [];
    list.forEach((r, y) => {
      const most = Math.max(...r.r.map(([, q]) => q));
      for (const [t, q] of r.r) bars.push([t - 1, y, q, most, Math.min(data.periods, t - 1 + r.l)]);
    });
    const colour = (y) => c.series[names.indexOf(list[y].a) % c.series.length];
    return {
      grid: { left: narrow ? 2 : 220, right: narrow ? 4 : 12, top: 28, bottom: 8 },
      xAxis: {
        type: "value", min: 0, max: data.periods, interval: Math.max(1, Math.ceil(data.periods / (narrow ? 3 : 8))), position: "top",
        ...axisStyle(c),
        axisLabel: { color: c.muted, align: "left", formatter: (x) => (x < data.periods ? axisName(x + 1) : "") },
      },
      yAxis: {
        type: "category", inverse: true, data: list.map((r) => r.n), ...axisStyle(c),
        z: 10,
        axisLabel: narrow
          ? { color: c.ink, fontSize: 12, interval: 0, inside: true, align: "left", margin: 0, verticalAlign: "bottom", padding: [0, 0, 5, 0], formatter: (s, i) => short(who === "all" ? `${s} · ${list[i].a}` : s, 46) }
          : {
            color: c.ink, fontSize: 12, lineHeight: 15, interval: 0, rich: { who: { color: c.muted, fontSize: 11, lineHeight: 14 } },
            formatter: (s, i) => (who === "all" ? `${short(s, 34)}\n{who|${short(list[i].a, 36).replace(/[{}|]/g, " ")}}` : short(s, 34)),
          },
        splitLine: { show: true, lineStyle: { color: c.rule, opacity: 0.5 } },
      },
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule, textStyle: { color: c.ink },
        formatter: (x) => {
          const r = list[x.value[1]];
          const lasts = r.l > 1 ? `\n${word("lasts", { period: period(x.value[4]) })}` : "";
          return `${r.n}\n${period(x.value[0] + 1)}: ${quantity(x.value[2], r.u)}${lasts}`;
        },
      },
      series: [{
        type: "custom", data: bars, encode: { x: 0, y: 1 }, clip: true,
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const unit = api.size([1, 1]);
          const h = Math.max(3, (unit[1] - (narrow ? 32 : 8)) * Math.sqrt(api.value(2) / api.value(3)));
          const bottom = y + unit[1] / 2 - 4;
          const fill = colour(api.value(1));
          const children = [{
            type: "rect", shape: { x: x + 0.5, y: bottom - h, width: Math.max(2, unit[0] - 1), height: h }, style: { fill },
          }];
          const tail = (api.value(4) - api.value(0) - 1) * unit[0];
          if (tail > 0) {
            children.unshift({ type: "rect", shape: { x: x + unit[0], y: bottom - 4, width: tail, height: 4 }, style: { fill, opacity: 0.3 } });
          }
          return { type: "group", children };
        },
      }],
    };
  };
  const draw = chart(figure, "gantt", option, (width) => 44 + (width < 640 ? narrowRow : who === "all" ? namedRow : rowHeight) * rows().length);
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    if (names.length > 1) {
      select(place, word("organisation"), [...names.map((n) => [n, n]), ["all", word("organisation.all")]], who, (v) => {
        who = v;
        build();
        draw();
      });
    }
    table(figure.querySelector(".as-table"), [word("recipe"), word("organisation"), word("when"), `${word("runs")}#`],
      () => rows().flatMap((r) => r.r.map(([t, q]) => [r.n, r.a, period(t), quantity(q, r.u)])));
  };
  build();
  onLanguage(build);
}
