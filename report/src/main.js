// Brings the pictures of a report to life; the page can be read without.
import { startLanguage } from "./language.js";
import { startTheme } from "./theme.js";
import { heat, timeline } from "./heat.js";
import { sankey } from "./flows.js";
import { gantt } from "./gantt.js";
import { work } from "./work.js";
import { stocks } from "./stocks.js";
import { grid, range } from "./series.js";

const pictures = { heat, timeline, flows: sankey, gantt, work, stocks, range, grid };

startTheme();
startLanguage();
for (const figure of document.querySelectorAll("[data-picture]")) {
  pictures[figure.dataset.picture]?.(figure);
}
