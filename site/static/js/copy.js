/* Buttons with data-copy="#field" copy what the field says; where the browser keeps the clipboard shut, they mark it. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  button.dataset.says ??= button.textContent; // pressed twice, it must not say “Copied” for ever
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = button.dataset.says; }, 2000);
});
