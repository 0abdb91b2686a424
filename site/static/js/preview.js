// A form with `data-preview` shows the effect of each choice as it is made; without this script its button does.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const place = document.getElementById(form.dataset.previewInto);
  const button = form.querySelector("[data-preview-button]");
  button?.remove();
  let newest = 0;
  form.addEventListener("change", async () => {
    const mine = ++newest;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
    if (answer.ok && mine === newest) place.innerHTML = await answer.text();
  });
}
