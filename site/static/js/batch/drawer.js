// What a row holds beside the grid: method, date, fund, split, tribute, note. It is written to the row as it is typed.
import { element, say } from "./words.js";

const TEXTS = ["method", "received_on", "tribute_kind", "tribute", "note"];
const CHOICES = ["fund", "appeal"];
const SWITCHES = ["is_anonymous", "wants_receipt"];
const SHOWN = ["received_on", "fund", "parts"];

export class Drawer {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.parts = [...dialog.querySelectorAll(".b-part")];
    this.form.addEventListener("input", () => this.row.change(this.read()));
    dialog.addEventListener("close", () => this.row.leave());
  }

  open(row) {
    this.row = row;
    const { values } = row;
    const fields = this.form.elements;
    const title = say("row", { number: row.number });
    this.dialog.querySelector("#drawer-title").textContent = [title, values.donor?.name].filter(Boolean).join(" · ");
    for (const name of TEXTS) fields[name].value = values[name] ?? "";
    for (const name of CHOICES) fields[name].value = values[name] ?? "";
    for (const name of SWITCHES) fields[name].checked = values[name];
    this.parts.forEach((part, at) => {
      part.querySelector("select").value = values.parts[at]?.fund ?? "";
      part.querySelector("input").value = values.parts[at]?.amount ?? "";
    });
    this.refresh();
    this.dialog.showModal();
  }

  read() {
    const fields = this.form.elements;
    const chosen = (text) => (text ? Number(text) : null);
    const values = {};
    for (const name of TEXTS) values[name] = fields[name].value;
    for (const name of CHOICES) values[name] = chosen(fields[name].value);
    for (const name of SWITCHES) values[name] = fields[name].checked;
    values.parts = this.parts
      .map((part) => ({ fund: chosen(part.querySelector("select").value), amount: part.querySelector("input").value }))
      .filter((part) => part.fund || part.amount);
    return values;
  }

  // What the server says of what stands here.
  refresh() {
    if (!this.row) return;
    const faults = this.row.problems.filter((problem) => SHOWN.includes(problem.field));
    const lines = faults.map((problem) => element("p", { class: "b-problem" }, problem.words));
    this.dialog.querySelector("[data-drawer-says]").replaceChildren(...lines);
  }
}
