// Light and dark, and the colours of pictures in either.
import { word, onLanguage } from "./language.js";

const media = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = [];

export function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : media.matches;
}

export const onTheme = (f) => listeners.push(f);

const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// colours of the page as it is shown now.
export function colours() {
  return {
    ink: variable("--ink"), muted: variable("--muted"), rule: variable("--rule"), paper: variable("--paper"),
    raised: variable("--raised"), accent: variable("--accent"),
    // Told apart by people who see few colours, after Paul Tol.
    series: dark()
      ? ["#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#bbcc33", "#99ddff", "#c3a5e0", "#aaaa00", "#bbbbbb"]
      : ["#33689e", "#cc6677", "#b59b2f", "#2e8b6f", "#882255", "#7a8a1c", "#4aa3c7", "#6b4ea0", "#a3592a", "#77787a"],
  };
}

export function startTheme() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme";
  document.querySelector("header.top").append(button);
  const name = () => {
    button.textContent = dark() ? word("theme.light") : word("theme.dark");
    button.setAttribute("aria-label", dark() ? word("theme.label.light") : word("theme.label"));
  };
  const changed = () => {
    name();
    for (const f of listeners) f();
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("bremen-theme", document.documentElement.dataset.theme);
    } catch {
      // not remembered, then
    }
    changed();
  });
  media.addEventListener("change", changed);
  onLanguage(name);
  name();
}
