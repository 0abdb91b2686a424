// A rule's actions: show only what counts for the kind that is chosen. Without this file all fields show, and the form
// says which are needed.
(() => {
  const COUNTS = {
    follow_up: ["follow_up_kind", "subject", "text", "days", "priority", "assign_to", "person", "team"],
    plan: ["plan"],
    tag: ["tag"],
    notify: ["subject", "text", "assign_to", "person", "team"],
    letter: ["subject", "text", "purpose"],
  };
  const NAMES = [...new Set(Object.values(COUNTS).flat())];
  const show = (select) => {
    const prefix = select.name.slice(0, -"kind".length);
    const form = select.closest("[data-inline-panel-child]") || document;
    NAMES.forEach((name) => {
      const field = form.querySelector(`[name="${prefix}${name}"]`);
      const panel = field?.closest(".w-panel__wrapper");
      if (panel) panel.hidden = !COUNTS[select.value]?.includes(name);
    });
  };
  const kinds = () => document.querySelectorAll('select[name^="actions-"][name$="-kind"]:not([name*="follow_up"])');
  document.addEventListener("change", (event) => {
    if (event.target.matches('select[name^="actions-"][name$="-kind"]')) show(event.target);
  });
  const all = () => kinds().forEach(show);
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("w-formset:added", () => setTimeout(all));
  document.addEventListener("click", (event) => {
    if (event.target.closest('[id$="-ADD"]')) setTimeout(all);
  });
  all();
})();
