// The letter beside its form: written anew while one types. Without script the button under it does the same.
import { newest } from "./asking.js";

const preview = document.querySelector("[data-letter-preview]");
const form = preview && document.getElementById("w-editor-form");
if (form) {
  let timer;
  const question = newest((letter) => { preview.querySelector("[data-letter]").innerHTML = letter; });
  const filledIn = () => {
    const data = new FormData(form);
    for (const field of preview.querySelectorAll("select")) data.set(field.name, field.value);
    return data;
  };
  const show = () => question(preview.dataset.letterPreview, { form: filledIn });
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  preview.addEventListener("change", show);
  show();
}
