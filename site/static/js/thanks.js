// The letter beside its form: written anew while one types. Without script the button under it does the same.
const preview = document.querySelector("[data-letter-preview]");
const form = preview && document.getElementById("w-editor-form");
if (form) {
  let newest = 0;
  let timer;
  const show = async () => {
    const mine = ++newest;
    const data = new FormData(form);
    for (const field of preview.querySelectorAll("select")) data.set(field.name, field.value);
    const answer = await fetch(preview.dataset.letterPreview, { method: "POST", body: data });
    if (answer.ok && mine === newest) preview.querySelector("[data-letter]").innerHTML = await answer.text();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  preview.addEventListener("change", show);
  show();
}
