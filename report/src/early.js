// Runs before anything is shown: which language, light or dark.
const root = document.documentElement;

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // pages opened from a file may have no memory
  }
}

const hash = location.hash.slice(1).split("-")[0];
const asked = ["de", "en"].includes(hash) ? hash : remembered("bremen-language");
const browser = (navigator.language || "en").toLowerCase().startsWith("de") ? "de" : "en";
root.lang = root.dataset.lang = asked === "de" || asked === "en" ? asked : browser;

const theme = remembered("bremen-theme");
if (theme === "dark" || theme === "light") root.dataset.theme = theme;
root.classList.add("scripts");
