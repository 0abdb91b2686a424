// My work by keyboard: j and k walk the rows, d writes how it went, x ticks, o opens the person. Without this file the
// page works all the same.
(() => {
  const root = document.querySelector("[data-work]");
  if (!root) return;
  const rows = () => [...root.querySelectorAll("[data-work-row]")];
  const here = () => document.activeElement.closest("[data-work-row]");
  const keys = root.querySelector("[data-work-keys]");
  if (keys) keys.hidden = false;
  const all = root.querySelector("[data-work-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const boxes = [...root.querySelectorAll("input[type=checkbox][name=id]")];
      const tick = boxes.some((box) => !box.checked);
      boxes.forEach((box) => { box.checked = tick; });
    });
  }
  const walk = (step) => {
    const list = rows();
    const at = list.indexOf(here());
    const next = list[Math.min(list.length - 1, Math.max(0, at + step))] || list[0];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };
  const on = {
    j: () => walk(1),
    k: () => walk(-1),
    d: () => here()?.querySelector("[data-work-outcome]")?.focus(),
    x: () => here()?.querySelector("input[type=checkbox]")?.click(),
    o: () => here()?.querySelector("[data-work-person]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]")) {
      if (event.key === "Escape") here()?.focus();
      return;
    }
    if (on[event.key]) { event.preventDefault(); on[event.key](); }
  });
  // After a row was done, its own next step has the focus: the hand stays where it is. Who has gone on to another row
  // before the answer came stays there.
  let isElsewhere = false;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    isElsewhere = document.activeElement !== document.body && !event.detail.target.contains(document.activeElement);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (isElsewhere) return;
    const row = document.getElementById(event.detail.target.id);
    if (row) (row.querySelector("input[name=next_subject]") || row).focus();
  });
})();
