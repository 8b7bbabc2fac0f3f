/* Theme before the first paint, keys, dialogs, menus. Every page works without this file; it makes work quicker.
   Loaded in the head without defer: the theme must be known before anything is drawn. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1] || "auto";

  function applyTheme() {
    const theme = chosen();
    root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    document.querySelectorAll("[data-theme]").forEach((b) => b.setAttribute("aria-pressed", b.dataset.theme === theme));
    document.dispatchEvent(new Event("genyin:theme"));
  }
  applyTheme();
  dark.addEventListener("change", applyTheme);
  document.addEventListener("DOMContentLoaded", applyTheme);

  /* one listener for every click: what htmx brings in later needs no wiring */
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const theme = at("[data-theme]");
    if (theme) {
      const forever = "; path=/; max-age=31536000; samesite=lax";
      document.cookie = "theme=" + theme.dataset.theme + (theme.dataset.theme === "auto" ? "; path=/; max-age=0" : forever);
      applyTheme();
    }
    if (at("[data-close]") && at("dialog")) {
      event.preventDefault(); /* on a page of its own the same link leads back */
      at("dialog").close();
    }
    if (at("[data-dismiss]")) at(".g-msg")?.remove();
    if (event.target.matches("dialog")) event.target.close(); /* the backdrop */
    document.querySelectorAll("details.g-menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-submit]")) field.form.requestSubmit();
    if (field.matches("[data-all]"))
      document.querySelectorAll(`input[type=checkbox][name="${field.dataset.all}"]`).forEach((box) => (box.checked = field.checked));
  });

  document.addEventListener("focusin", (event) => event.target.matches("[data-whole]") && event.target.select());

  /* a second click on a slow day must not send a form twice; htmx has its own way (hx-disabled-elt) */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("hx-post") || form.method === "get") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* keys: / search · j k up and down · Enter does the row's first thing · data-key="a" clicks on A */
  const rows = () => [...document.querySelectorAll("[data-rows] > li, table[data-rows] > tbody > tr")].filter((row) => row.offsetParent);
  function step(by) {
    const all = rows(), now = all.findIndex((row) => row.contains(document.activeElement));
    const row = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by];
    (row?.querySelector(".g-acts .btn") || row?.querySelector("a, button"))?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (key === "escape") document.querySelectorAll("details.g-menu[open]").forEach((menu) => (menu.open = false));
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const row = document.activeElement.closest("[data-rows] > li, [data-rows] > tbody > tr") || document;
    const marked = /^[a-z]$/.test(key) && (row.querySelector(`[data-key="${key}"]`) || document.querySelector(`[data-key="${key}"]`));
    if (key === "/") document.querySelector(".g-find")?.focus();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (marked) marked.click();
    else return;
    event.preventDefault();
  });

  /* a form fetched into the dialog opens it; its first wrong field, else its first field, gets the focus */
  document.addEventListener("htmx:load", (event) => {
    const dialog = event.target.closest("dialog");
    if (!dialog || !event.target.matches("form, [data-dialog]")) return;
    if (!dialog.open) dialog.showModal();
    const field = dialog.querySelector("[aria-invalid=true]") || dialog.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
  });
  document.addEventListener("htmx:sendError", () => {
    const box = document.getElementById("messages");
    if (box) box.innerHTML = document.getElementById("offline").innerHTML;
  });
})();
