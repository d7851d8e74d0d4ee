// A chart's life: made when it comes into view, drawn again when language,
// colours or width change.
import * as echarts from "echarts/core";
import { BarChart, CustomChart, LineChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { colours, onTheme } from "./theme.js";
import { language, onLanguage, word } from "./language.js";

echarts.use([BarChart, CustomChart, LineChart, SankeyChart, AriaComponent, GridComponent, LegendComponent,
  TooltipComponent, SVGRenderer]);

export const font = () => getComputedStyle(document.body).fontFamily;

// common options of all charts in the page's colours.
function base(c) {
  return {
    animation: false,
    color: c.series,
    textStyle: { fontFamily: font(), color: c.ink, fontSize: 13 },
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: c.raised, borderColor: c.rule,
      textStyle: { color: c.ink, fontFamily: font(), fontSize: 13 },
    },
  };
}

// chart draws into the figure's .chart; option(colours, width) returns echarts'
// options and height(width) how tall it is. It returns a function that draws again.
export function chart(figure, name, option, height) {
  const box = figure.querySelector(".chart");
  let drawn = null;
  let seen = false;
  const draw = () => {
    if (!seen || figure.closest("article").lang !== language()) return;
    const width = Math.max(box.clientWidth, 280);
    const c = colours();
    box.style.height = `${height(width)}px`;
    if (!drawn) drawn = echarts.init(box, null, { renderer: "svg" });
    drawn.resize();
    drawn.setOption({ ...base(c), ...option(c, width) }, { notMerge: true });
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", word(`chart.${name}`));
  };
  box.style.height = `${height(Math.max(box.clientWidth, 280))}px`;
  new IntersectionObserver((entries, watch) => {
    if (!entries.some((e) => e.isIntersecting)) return;
    watch.disconnect();
    seen = true;
    draw();
  }, { rootMargin: "600px" }).observe(box);
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    draw();
  }).observe(box);
  window.addEventListener("beforeprint", () => {
    seen = true;
    draw();
  });
  onTheme(draw);
  onLanguage(draw);
  return draw;
}

export const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export const axisStyle = (c) => ({
  axisLine: { lineStyle: { color: c.rule } },
  axisTick: { show: false },
  axisLabel: { color: c.muted },
  splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
});
