// Conditions are put together by the server; this only saves the wait for a whole page. Without it every button of the
// builder sends the form, and the same builder comes back.
const WAIT_WHILE_TYPING = 500;

for (const builder of document.querySelectorAll("[data-criteria]")) {
  let latest = 0;
  let typing;

  const ask = async (press) => {
    const number = ++latest;
    const sent = new FormData(builder.closest("form"));
    if (press) sent.set(`${builder.dataset.name}-do`, press);
    builder.setAttribute("aria-busy", "true");
    try {
      const address = `${builder.dataset.criteria}?name=${encodeURIComponent(builder.dataset.name)}`;
      const answer = await fetch(address, { method: "POST", body: sent });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return number === latest ? page.querySelector("[data-criteria]") : null;
    } finally {
      builder.removeAttribute("aria-busy");
    }
  };

  const showFound = async () => {
    const fresh = await ask();
    const [here, there] = [builder, fresh].map((part) => part?.querySelector("[data-criteria-found]"));
    if (here && there) here.replaceChildren(...there.childNodes);
  };

  const showAll = async (press, focus) => {
    const fresh = await ask(press);
    if (!fresh) return;
    builder.replaceChildren(...fresh.childNodes);
    focus()?.focus();
  };

  builder.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (!button) return;
    event.preventDefault();
    if (button.tabIndex < 0) return void showFound(); // Enter in a field
    const [doing, place] = button.value.split(":");
    const same = () => [...builder.querySelectorAll("button[name]")].find((other) => other.value === button.value);
    // What was added is what one goes on with; what stands where a part was removed is next to it.
    const added = () => {
      const prefix = place ? `${builder.dataset.name}-${place}-` : `${builder.dataset.name}-`;
      return [...builder.querySelectorAll(`select[name^="${prefix}"][name$="-criterion"]`)].at(-1);
    };
    showAll(button.value, doing === "remove" ? () => same() ?? builder.querySelector("select") : added);
  });

  builder.addEventListener("change", (event) => {
    clearTimeout(typing);
    if (event.target.tagName !== "SELECT") return void showFound();
    const { id } = event.target;
    showAll("", () => document.getElementById(id));
  });

  builder.addEventListener("input", (event) => {
    if (event.target.type !== "text" && event.target.type !== "date") return;
    clearTimeout(typing);
    typing = setTimeout(showFound, WAIT_WHILE_TYPING);
  });

  builder.closest("form").elements.namedItem("one_per_household")?.addEventListener("change", showFound);
}
