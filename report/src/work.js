// Where hours go: by organisation or period, split by skill or burden.
import { data } from "./data.js";
import { axisName, number, onLanguage, period, quantity, word } from "./language.js";
import { select, table } from "./controls.js";
import { axisStyle, chart, short } from "./chart.js";

export function work(figure) {
  let over = "organisation";
  let by = "skill";
  const part = (w) => (by === "skill" ? w.s : w.b === 0 ? word("gladly") : word("burden", { burden: number(w.b) }));

  // sums of hours: rows along, parts of each.
  const sums = () => {
    const rows = new Map();
    const parts = new Map();
    for (const w of data.work) {
      for (const [t, h] of w.h) {
        const key = over === "period" ? t : w.f;
        if (!rows.has(key)) rows.set(key, new Map());
        rows.get(key).set(part(w), (rows.get(key).get(part(w)) ?? 0) + h);
        parts.set(part(w), (parts.get(part(w)) ?? 0) + h);
      }
    }
    const total = (m) => [...m.values()].reduce((a, b) => a + b, 0);
    const keys = [...rows.keys()].sort(over === "period" ? (a, b) => a - b : (a, b) => total(rows.get(b)) - total(rows.get(a)));
    const names = [...parts.keys()].sort((a, b) => (by === "burden" ? a.localeCompare(b, undefined, { numeric: true }) : parts.get(b) - parts.get(a)));
    return { rows, keys, names };
  };
  // What is beyond the ninth part is drawn together.
  const drawnParts = (names) => (names.length > 10 ? [...names.slice(0, 9), word("other")] : names);

  const option = (c, width) => {
    const narrow = width < 640;
    const { rows, keys, names } = sums();
    const drawn = drawnParts(names);
    const value = (key, name) => {
      const row = rows.get(key);
      if (names.length > 10 && name === word("other")) return names.slice(9).reduce((a, n) => a + (row.get(n) ?? 0), 0);
      return row.get(name) ?? 0;
    };
    const category = {
      type: "category", data: keys.map((k) => (over === "period" ? axisName(k) : k)), ...axisStyle(c),
      z: 10,
      axisLabel: over === "period"
        ? { color: c.muted, fontSize: 12 }
        : narrow
          ? { color: c.ink, fontSize: 12, interval: 0, inside: true, align: "left", margin: 0, verticalAlign: "bottom", padding: [0, 0, 10, 0], formatter: (s) => short(s, 48) }
          : { color: c.ink, fontSize: 12, interval: 0, formatter: (s) => short(s, 30) },
    };
    const hours = { type: "value", ...axisStyle(c), axisLabel: { color: c.muted, formatter: (x) => number(x), hideOverlap: true } };
    const lines = Math.ceil(drawn.reduce((a, n) => a + n.length * 7 + 40, 0) / width);
    return {
      legend: { top: 0, left: 0, textStyle: { color: c.ink, fontSize: 12 }, icon: "roundRect", itemWidth: 12, itemHeight: 12, selectedMode: false },
      grid: { left: over === "period" ? 52 : narrow ? 4 : 200, right: 16, top: 20 + 24 * lines, bottom: 30 },
      xAxis: over === "period" ? category : hours,
      yAxis: over === "period" ? hours : { ...category, inverse: true },
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule, textStyle: { color: c.ink },
        formatter: (x) => `${over === "period" ? period(keys[x.dataIndex]) : keys[x.dataIndex]}\n${x.seriesName}: ${quantity(x.value, word("unit.h"))}`,
      },
      series: drawn.map((name) => ({
        name, type: "bar", stack: "hours", data: keys.map((k) => value(k, name)), barMaxWidth: narrow && over !== "period" ? 14 : 26,
        itemStyle: { borderColor: c.paper, borderWidth: 1 },
      })),
    };
  };
  const height = (width) => {
    const { keys, names } = sums();
    const lines = Math.ceil(drawnParts(names).reduce((a, n) => a + n.length * 7 + 40, 0) / width);
    return 60 + 24 * lines + (over === "period" ? 280 : (width < 640 ? 46 : 30) * keys.length);
  };
  const draw = chart(figure, "work", option, height);
  const place = figure.querySelector(".controls");
  const build = () => {
    place.replaceChildren();
    const changed = () => {
      build();
      draw();
    };
    if (data.periods > 1) {
      select(place, word("over"), [["organisation", word("over.organisation")], ["period", word("over.period")]], over, (v) => {
        over = v;
        changed();
      });
    }
    select(place, word("by"), [["skill", word("by.skill")], ["burden", word("by.burden")]], by, (v) => {
      by = v;
      changed();
    });
    table(figure.querySelector(".as-table"),
      [over === "period" ? word("when") : word("organisation"), by === "skill" ? word("by.skill") : word("by.burden"), `${word("hours")}#`],
      () => {
        const { rows, keys, names } = sums();
        return keys.flatMap((k) => names.filter((n) => rows.get(k).has(n))
          .map((n) => [over === "period" ? period(k) : k, n, number(rows.get(k).get(n))]));
      });
  };
  build();
  onLanguage(build);
}
