// A form with `data-preview` shows the effect of each choice as it is made; without this script its button does.
import { newest } from "./asking.js";

for (const form of document.querySelectorAll("form[data-preview]")) {
  const place = document.getElementById(form.dataset.previewInto);
  form.querySelector("[data-preview-button]")?.remove();
  const show = newest((answer) => { place.innerHTML = answer; });
  form.addEventListener("change", () => show(form.dataset.preview, { form: () => new FormData(form) }));
}
