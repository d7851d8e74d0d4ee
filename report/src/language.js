// Which language is shown, and how it writes numbers and dates.
import { data } from "./data.js";

const listeners = [];

export const language = () => document.documentElement.dataset.lang;

// word is the catalogue's entry, with {name} replaced.
export function word(key, values = {}) {
  const text = data.words[language()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// number writes x as the report's own text does (package words).
export function number(x) {
  const a = Math.abs(x);
  const size = Math.floor(Math.log10(a));
  const digits = !(a > 0) || a >= 1000 ? 0 : a >= 0.1 ? Math.min(3, 3 - size) : Math.min(20, 2 - size);
  return new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(x).replace("-", "−");
}

export const quantity = (x, unit) => (unit ? `${number(x)}\u00a0${unit}` : number(x));

// percent says 100 % only of what is met in full, and 0 % only of nothing. x is in ten-thousandths.
export function percent(x) {
  const rounded = Math.round(x / 10) / 10;
  const text = number(x >= 10000 ? rounded : Math.min(99.9, x > 0 ? Math.max(0.1, rounded) : rounded));
  return language() === "de" ? `${text}\u00a0%` : `${text}%`;
}

// bare is for narrow tables: whole per cent, rounded down.
export const bare = (x) => (x > 0 && x < 100 ? "<\u202f1" : String(Math.floor(x / 100)));

// period names period t, with its first day where the plan has dates.
export function period(t) {
  if (t === 0) return word("start");
  const name = `${word(`period.${data.unit}`)}\u00a0${t}`;
  const day = dayOf(t);
  return day ? `${name} (${day})` : name;
}

// dayOf is the first day of period t, without its year; "" without dates.
export function dayOf(t) {
  if (!data.starts) return "";
  const [year, month, day] = data.starts[t - 1].split("-").map(Number);
  if (data.unit === "year") return String(year);
  return word("date.short", { day, month: word(`month.${month}`) });
}

export const axisName = (t) => dayOf(t) || String(t);

export function onLanguage(f) {
  listeners.push(f);
}

function choose(lang) {
  const root = document.documentElement;
  root.dataset.lang = root.lang = lang;
  try {
    localStorage.setItem("bremen-language", lang);
  } catch {
    // not remembered, then
  }
  apply();
}

function apply() {
  document.title = data.titles[language()];
  for (const a of document.querySelectorAll(".languages a")) {
    if (a.hreflang === language()) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  for (const f of listeners) f();
}

// The section a reader is in, so that the other language opens at the same place.
function sectionInView() {
  for (const s of document.querySelectorAll(`article[lang="${language()}"] section[id]`)) {
    if (s.getBoundingClientRect().bottom > 120) return s.id.split("-").slice(1).join("-");
  }
  return "";
}

export function startLanguage() {
  for (const a of document.querySelectorAll(".languages a")) {
    a.addEventListener("click", (e) => {
      e.preventDefault();
      const at = window.scrollY > 400 ? sectionInView() : "";
      choose(a.hreflang);
      if (at) document.getElementById(`${a.hreflang}-${at}`)?.scrollIntoView({ behavior: "instant" });
    });
  }
  window.addEventListener("hashchange", () => {
    const lang = location.hash.slice(1).split("-")[0];
    if ((lang === "de" || lang === "en") && lang !== language()) {
      choose(lang);
      document.querySelector(location.hash)?.scrollIntoView();
    }
  });
  apply();
}
