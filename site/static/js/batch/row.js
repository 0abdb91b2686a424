// One row: its fields, what it says about itself, and what stands on it as the server reads it.
import { Combobox } from "./combobox.js";
import { announce, button, element, say } from "./words.js";

const template = document.querySelector("[data-row-template]");
// What the drawer holds; the other fields stand in the grid.
const KEPT = ["method", "received_on", "fund", "appeal", "tribute_kind", "tribute", "note", "is_anonymous",
  "wants_receipt", "twin_is_meant"];

export class Row {
  constructor(grid, key, values) {
    Object.assign(this, { grid, key, version: 0, problems: [], isDirty: false, wasLeft: false });
    this.body = template.content.firstElementChild.cloneNode(true);
    this.donorField = this.body.querySelector("[data-field=donor]");
    this.amountField = this.body.querySelector("[data-field=amount]");
    this.referenceField = this.body.querySelector("[data-field=reference]");
    this.fields = [this.donorField, this.amountField, this.referenceField];
    this.details = this.body.querySelector("[data-details]");
    this.says = this.body.querySelector("[data-says]");
    this.says.id = `says-${key}`;
    this.fields.forEach((field) => field.setAttribute("aria-describedby", this.says.id));
    this.promise = this.body.querySelector("[data-promise]");
    this.offer = null;
    this.show({ donor: null, donor_typed: "", amount: "", reference: "", promise: null, parts: [], tribute_kind: "memory", tribute: "", note: "", ...values });
    this.listen();
  }

  listen() {
    this.combobox = new Combobox(this.donorField, this.body.querySelector("[role=listbox]"), {
      find: (letters, signal) => this.grid.findDonors(letters, signal),
      onChoose: (donor) => this.choose(donor),
      onType: (text) => {
        this.offer = null;
        this.change({ donor: null, donor_typed: text, promise: null, twin_is_meant: false });
      },
      onNew: this.grid.mayAdd ? (letters) => this.grid.addDonor(this, letters) : null,
    });
    this.amountField.addEventListener("input", () => {
      this.change({ amount: this.amountField.value, twin_is_meant: false });
    });
    this.amountField.addEventListener("change", () => this.ask());
    this.promise.addEventListener("click", () => this.takePromise());
    this.referenceField.addEventListener("input", () => {
      this.change({ reference: this.referenceField.value, twin_is_meant: false });
    });
    this.donorField.addEventListener("paste", (event) => this.grid.paste(this, event));
    this.details.addEventListener("click", () => this.grid.openDrawer(this));
    this.body.querySelector("[data-remove]").addEventListener("click", () => this.grid.remove(this));
    this.body.addEventListener("keydown", (event) => this.grid.key(this, event));
    this.body.addEventListener("focusout", (event) => {
      if (!this.body.contains(event.relatedTarget)) this.leave();
    });
    this.body.addEventListener("focusin", () => this.body.classList.add("b-row--here"));
  }

  leave() {
    this.wasLeft = !this.isBlank;
    this.body.classList.remove("b-row--here");
    this.grid.save(this);
    if (!this.isDirty) this.show(this.values);
    this.complain();
  }

  get isBlank() {
    const { donor, donor_typed, amount, reference } = this.values;
    return !(donor || donor_typed || amount || reference);
  }

  // What the server is told.
  get said() {
    const { donor, donor_typed, amount, reference, promise, parts } = this.values;
    const kept = Object.fromEntries(KEPT.map((name) => [name, this.values[name]]));
    return { ...kept, donor: donor?.id ?? null, donor_typed, amount, reference, parts, promise: promise?.key ?? "", version: this.version };
  }

  // Writes down what was typed.
  change(values) {
    Object.assign(this.values, values);
    if (!this.values.donor) this.showKnown();
    this.grid.changed(this);
  }

  // The same as in the row above, in the field where the cursor stands.
  takeAfter(above, field) {
    const name = ["donor", "amount", "reference"][this.fields.indexOf(field)];
    if (name === "donor" && above.values.donor) return this.choose(above.values.donor);
    field.value = above.fields[this.fields.indexOf(field)].value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  choose(donor) {
    this.donorField.value = donor.name;
    this.offer = null;
    this.change({ donor, donor_typed: "", promise: null, twin_is_meant: false });
    this.showKnown();
    this.grid.chose(this, donor);
    this.ask();
  }

  // What the donor has promised and is due about now; an answer for somebody else, or too late, counts for nothing.
  async ask() {
    const { donor, promise, amount } = this.values;
    if (!donor || promise) return;
    const offer = await this.grid.findPromise(this);
    if (this.values.donor?.id !== donor.id || this.values.promise || this.values.amount !== amount) return;
    const isNews = offer && offer.key !== this.offer?.key;
    this.offer = offer;
    this.showPromise();
    if (isNews) announce(say("promised", { words: offer.words }));
  }

  // Takes what is offered; what was taken is let go again.
  takePromise() {
    if (this.values.promise) {
      this.change({ promise: null });
      announce(say("promiseLet"));
      this.ask();
    } else if (this.offer) {
      const { key, words, amount, fund, parts, appeal } = this.offer;
      const { values } = this;
      const taken = { promise: { key, words } };
      if (!values.amount) this.amountField.value = taken.amount = amount;
      // What somebody has chosen for the row counts more than what the promise was for.
      if (!values.parts.length && values.fund === this.grid.blank.fund) Object.assign(taken, { fund, parts });
      if (appeal && values.appeal === this.grid.blank.appeal) taken.appeal = appeal;
      this.change(taken);
      announce(say("keeps", { words }));
    }
    this.showPromise();
  }

  showPromise() {
    const { promise, donor } = this.values;
    const shown = donor ? promise ?? this.offer : null;
    this.promise.hidden = !shown;
    this.promise.classList.toggle("b-promise--kept", Boolean(promise));
    if (!shown) return;
    this.promise.replaceChildren(promise ? say("keeps", { words: promise.words }) : shown.words, " ", element("kbd", {}, "F4"));
    this.promise.setAttribute("aria-label", say(promise ? "letPromiseGo" : "keep", { words: shown.words }));
  }

  // Shows what the server has, except in the field where the cursor stands.
  show(values) {
    this.values = { ...values, parts: values.parts.map((part) => ({ ...part })) };
    const shown = [[this.donorField, values.donor?.name ?? values.donor_typed], [this.amountField, values.amount],
      [this.referenceField, values.reference]];
    for (const [field, text] of shown) if (document.activeElement !== field) field.value = text;
    this.showKnown();
    this.showSummary();
  }

  showKnown() {
    const { donor } = this.values;
    const known = this.body.querySelector("[data-known]");
    known.textContent = donor ? [donor.warning, donor.detail].filter(Boolean).join(" · ") : "";
    known.classList.toggle("b-known--warning", Boolean(donor?.warning));
    this.showPromise();
  }

  showSummary() {
    this.details.textContent = this.values.summary;
    this.details.setAttribute("aria-label", say("detailsOf", { number: this.number, summary: this.values.summary }));
  }

  count(number) {
    if (this.number === number) return;
    this.number = number;
    this.body.id = `row-${number}`;
    this.body.querySelector("th").textContent = number;
    this.donorField.setAttribute("aria-label", say("donorOf", { number }));
    this.amountField.setAttribute("aria-label", say("amountOf", { number }));
    this.referenceField.setAttribute("aria-label", say("referenceOf", { number }));
    this.body.querySelector("[data-remove]").setAttribute("aria-label", say("removeRow", { number }));
    this.showSummary();
  }

  // What is wrong is said once the row is left; a cheque that is there already is said at once.
  complain() {
    const shown = this.conflict ? [] : this.problems.filter((problem) => this.wasLeft || problem.field === "twin");
    const faulty = new Set(shown.map((problem) => problem.field));
    this.donorField.setAttribute("aria-invalid", String(faulty.has("donor")));
    this.amountField.setAttribute("aria-invalid", String(faulty.has("amount")));
    this.says.replaceChildren(...(this.conflict ? [this.conflict] : shown.map((problem) => this.complaint(problem))));
    this.body.querySelector(".b-row__says").hidden = !this.says.childElementCount;
    this.body.classList.toggle("b-row--wrong", Boolean(this.says.childElementCount));
  }

  complaint({ field, words, twins }) {
    const line = element("p", { class: "b-problem" }, words);
    for (const twin of twins) {
      line.append(` ${twin.words} `);
      if (twin.url) line.append(element("a", { href: twin.url, target: "_blank", rel: "noopener" }, say("look")));
    }
    if (field === "twin") line.append(" ", button(say("another"), () => this.grid.isAnother(this)));
    return line;
  }

  // Somebody else has changed the row: nothing is overwritten before somebody says whose counts.
  disagree(theirs) {
    const line = element("p", { class: "b-problem" });
    if (theirs) {
      const what = [theirs.donor?.name ?? theirs.donor_typed, theirs.amount, theirs.reference].filter(Boolean).join(", ");
      line.append(say("conflict", { name: theirs.changed_by, what }), " ");
      line.append(button(say("takeTheirs"), () => this.grid.takeTheirs(this, theirs)), " ");
      line.append(button(say("keepMine"), () => this.grid.keepMine(this, theirs)));
    } else {
      line.append(say("gone"), " ");
      line.append(button(say("letGo"), () => this.grid.letGo(this)), " ");
      line.append(button(say("keepMine"), () => this.grid.keepMine(this, null)));
    }
    this.conflict = line;
    this.complain();
  }
}
