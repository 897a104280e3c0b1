// Before the first paint: the theme that the person chose, so that no page flashes in the other one.
const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") {
  document.documentElement.classList.add(chosen);
}
