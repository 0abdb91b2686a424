// Conditions are put together by the server; this only saves the wait for a whole page. Without it every button of the
// builder sends the form, and the same builder comes back.
//
// What stands in the builder is what counts. A question sends all of it, with every press that no answer has shown yet;
// whatever is chosen, typed or pressed while an answer is on its way calls that answer off and is asked along with the
// next. So nothing is lost, however slow the line.
import { ask, complain, hush } from "./asking.js";

const WAIT_WHILE_TYPING = 500;

class Builder {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.id = `id_${root.dataset.name}`;
    this.presses = []; // what no answer has shown yet: "add:0", "remove:0-1"
    this.isChanging = false; // whether conditions come and go, or only who is found by them
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("change", (event) => this.changed(event));
    root.addEventListener("input", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.elements.namedItem("one_per_household")?.addEventListener("change", () => this.ask());
  }

  clicked(event) {
    const button = event.target.closest("button[name]");
    if (!button) return;
    event.preventDefault();
    if (button.tabIndex < 0) return void this.ask(); // Enter in a field
    this.presses.push(button.value);
    this.isChanging = true;
    if (button.value.startsWith("remove")) button.closest("fieldset").inert = true;
    this.ask();
  }

  changed({ target }) {
    if (target.tagName === "SELECT") {
      this.isChanging = true;
      this.hold(target);
    }
    this.ask();
  }

  typed({ target }) {
    if (target.type !== "text" && target.type !== "date") return;
    this.callOff();
    this.typing = setTimeout(() => this.ask(), WAIT_WHILE_TYPING);
  }

  // Saved is what was pressed, not what stood there before.
  submitted(event) {
    if (!this.isChanging) return;
    event.preventDefault();
    this.andThen = () => this.form.requestSubmit(event.submitter);
    this.ask();
  }

  // The fields that hang on a choice are asked for anew with it: what is typed there now would be for nothing.
  hold(select) {
    const [, condition, part] = /^(.*)-(criterion|operator)$/.exec(select.name) ?? [];
    if (!part) return;
    for (const field of select.closest("fieldset").querySelectorAll("input, select")) {
      if (field !== select && (part === "criterion" || field.name.startsWith(`${condition}-value`))) field.inert = true;
    }
  }

  callOff() {
    clearTimeout(this.typing);
    this.asking?.abort();
    this.root.setAttribute("aria-busy", "true");
  }

  async ask() {
    this.callOff();
    const { signal } = (this.asking = new AbortController());
    const form = new FormData(this.form);
    const { criteria: address, name } = this.root.dataset;
    for (const press of this.presses) form.append(`${name}-do`, press);
    try {
      const text = await ask(`${address}?name=${encodeURIComponent(name)}`, { form, signal });
      if (signal.aborted) return;
      hush();
      this.show(new DOMParser().parseFromString(text, "text/html").querySelector("[data-criteria]"));
    } catch (error) {
      if (signal.aborted) return;
      complain(error, () => this.ask());
    }
    this.root.removeAttribute("aria-busy");
  }

  show(fresh) {
    if (!this.isChanging) {
      const [here, there] = [this.root, fresh].map((part) => part.querySelector("[data-criteria-found]"));
      return here?.replaceChildren(...there.childNodes);
    }
    const goOn = this.whereToGoOn();
    const opened = [...this.root.querySelectorAll("details[open]")].map((details) => this.idOf(details));
    this.root.replaceChildren(...fresh.childNodes);
    for (const id of opened) document.getElementById(id)?.closest("fieldset").querySelector("details")?.setAttribute("open", "");
    this.presses = [];
    this.isChanging = false;
    goOn();
    this.andThen?.();
  }

  // The condition that narrows down here is known by its first choice.
  idOf(details) {
    return this.idWithoutRemoved(details.closest("fieldset").querySelector("select").id);
  }

  // In the field one has gone on to meanwhile; else with what was added, or what stands where a part was removed.
  whereToGoOn() {
    const here = document.activeElement;
    if (here !== document.body && !this.root.contains(here)) return () => {};
    if (this.root.contains(here) && here.matches("input, select")) {
      const id = this.idWithoutRemoved(here.id);
      const marked = here.type === "text" && [here.selectionStart, here.selectionEnd];
      return () => {
        const field = document.getElementById(id);
        field?.focus();
        if (marked) field?.setSelectionRange(...marked);
      };
    }
    const press = this.presses.at(-1);
    if (!press) return () => {};
    const [doing, place] = press.split(":");
    if (doing === "remove") {
      return () => (this.root.querySelector(`button[value="${press}"]`) ?? this.root.querySelector("select")).focus();
    }
    const group = this.idWithoutRemoved(place ? `${this.id}-${place}-` : `${this.id}-`);
    return () => [...this.root.querySelectorAll(`select[id^="${group}"][id$="-criterion"]`)].at(-1)?.focus();
  }

  // What a part is called once those removed before it are gone: the third of three becomes the second.
  idWithoutRemoved(id) {
    const removed = this.presses.filter((press) => press.startsWith("remove:")).map((press) => press.slice(7));
    removed.sort((one, other) => other.localeCompare(one, "en", { numeric: true })); // the last first
    return removed.reduce((name, place) => {
      const path = place.split("-");
      const gone = Number(path.pop());
      const group = [this.id, ...path, ""].join("-");
      const [number, ...rest] = name.slice(group.length).split("-");
      return name.startsWith(group) && Number(number) > gone ? group + [number - 1, ...rest].join("-") : name;
    }, id);
  }
}

for (const root of document.querySelectorAll("[data-criteria]")) new Builder(root);
