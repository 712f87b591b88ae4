// Before the first paint: the colour scheme and language kept on this device. A file of its own, so that the page needs no inline script.
const root = document.documentElement;
const kept = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const scheme = kept("encours.scheme");
const isDark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
root.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
root.style.backgroundColor = isDark ? "#08151a" : "#fbfaf6";
const language = kept("encours.language");
root.lang = language === "en" || language === "fr" ? language : /^en\b/i.test(navigator.language) ? "en" : "fr";
