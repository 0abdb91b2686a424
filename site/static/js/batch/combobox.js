// The donor of a row: type a few letters, arrows, Enter. The pattern is the ARIA combobox with a list.
import { announce, element, say } from "./words.js";

const QUIET = 120; // milliseconds without a key before asking
let ids = 0;

export class Combobox {
  // `find(letters, signal)` gives donors, or null when nobody could say; `onChoose(donor)`, `onType(text)` and `onNew(text)` are told what happens.
  constructor(input, list, { find, onChoose, onType, onNew }) {
    Object.assign(this, { input, list, find, onChoose, onType, onNew });
    this.options = [];
    this.active = -1;
    list.id = `donors-${++ids}`;
    input.setAttribute("aria-controls", list.id);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.left());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the cursor stays in the field
    list.addEventListener("click", (event) => {
      const at = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (at >= 0) this.take(at);
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  typed() {
    this.onType(this.input.value);
    clearTimeout(this.timer);
    this.asking?.abort();
    this.isAsking = this.input.value.trim().length > 1;
    if (!this.isAsking) return this.close();
    this.timer = setTimeout(() => this.ask(), QUIET);
  }

  async ask() {
    const letters = this.input.value.trim();
    this.asking = new AbortController();
    const signal = this.asking.signal;
    let donors;
    try {
      donors = await this.find(letters, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.isAsking = false;
      throw error;
    }
    if (signal.aborted || this.input.value.trim() !== letters) return;
    this.isAsking = false;
    if (!donors) return this.close();
    this.show(donors, letters);
    if (this.hurried) this.settle();
  }

  show(donors, letters) {
    const options = donors.map((donor) => ({ donor }));
    if (this.onNew) options.push({ letters });
    this.options = options;
    this.list.replaceChildren(...options.map((option, at) => this.draw(option, at)));
    announce(donors.length ? say("found", { count: donors.length }) : say("nobody"));
    this.open();
    this.activate(donors.length && !donors[0].guess ? 0 : -1);
  }

  draw({ donor, letters }, at) {
    const option = element("li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false" });
    if (!donor) {
      option.classList.add("b-option--new");
      option.append(say("addNew", { name: letters }));
      return option;
    }
    option.append(element("strong", {}, donor.name));
    const detail = [donor.guess ? say("similar") : "", donor.warning, donor.detail].filter(Boolean).join(" · ");
    if (detail) option.append(element("span", {}, detail));
    return option;
  }

  open() {
    this.list.hidden = !this.options.length || document.activeElement !== this.input;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
  }

  close() {
    this.list.hidden = true;
    this.options = [];
    this.activate(-1);
    this.input.setAttribute("aria-expanded", "false");
  }

  activate(at) {
    this.active = at;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.list.children[at].id);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  take(at) {
    const option = this.options[at];
    this.close();
    if (option.donor) this.onChoose(option.donor);
    else this.onNew(option.letters);
  }

  // Somebody typed faster than the server answered: only who is meant beyond doubt is taken unseen.
  settle() {
    this.hurried = false;
    const sure = this.options.filter((option) => option.donor && !option.donor.guess);
    if (sure.length === 1) this.take(this.options.indexOf(sure[0]));
    else if (document.activeElement !== this.input) this.close();
  }

  left() {
    if (this.isAsking) this.hurried = true;
    else this.close();
  }

  key(event) {
    const last = this.options.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (!this.isOpen) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.activate(this.active < 0 && step < 0 ? last : (this.active + step + last + 1) % (last + 1));
        break;
      }
      case "Escape":
        if (!this.isOpen) return;
        this.close();
        break;
      case "Enter":
        if (this.isOpen && this.active >= 0) this.take(this.active);
        else if (this.isAsking) this.hurried = true;
        else return;
        break;
      case "Tab":
        // Leaving with somebody marked takes them; adding somebody new is asked for with Enter.
        if (this.isOpen && this.active >= 0 && this.options[this.active].donor) this.take(this.active);
        return;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
