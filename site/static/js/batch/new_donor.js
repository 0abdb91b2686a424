// Somebody new, without leaving the row: a few fields, and who may be meant that is on record already.
import { SignedOut } from "./server.js";
import { button, element, say } from "./words.js";

const QUIET = 250; // milliseconds without a key before asking who may be meant

export class NewDonor {
  constructor(dialog, server) {
    Object.assign(this, { dialog, server });
    this.form = dialog.querySelector("form");
    this.likely = dialog.querySelector("[data-likely]");
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.submit(event));
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      this.turn += 1;
      clearTimeout(this.timer);
      this.done?.(this.donor);
    });
  }

  // Resolves with the donor, or with undefined when nobody was added.
  ask(letters) {
    this.form.reset();
    this.donor = undefined;
    this.turn = (this.turn ?? 0) + 1;
    this.form.querySelector("[data-add]").disabled = false;
    const words = letters.trim().split(/\s+/);
    this.form.elements.family_name.value = words.pop() ?? "";
    this.form.elements.given_name.value = words.join(" ");
    this.form.elements.organisation_name.value = letters.trim();
    this.showErrors({});
    this.showMatches([]);
    this.showKind();
    this.dialog.showModal();
    this.form.elements.given_name.focus();
    this.look();
    return new Promise((resolve) => { this.done = resolve; });
  }

  get values() {
    return Object.fromEntries(new FormData(this.form));
  }

  typed() {
    this.showKind();
    this.confirmed = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), QUIET);
  }

  showKind() {
    const isPerson = this.values.kind === "person";
    for (const place of this.dialog.querySelectorAll(".b-fields > [data-field]")) {
      const name = place.dataset.field;
      place.hidden = name === "organisation_name" ? isPerson : !isPerson && name.endsWith("_name");
    }
  }

  async look() {
    const { kind, ...typed } = this.values;
    for (const name of kind === "person" ? ["organisation_name"] : ["given_name", "family_name"]) delete typed[name];
    this.asking?.abort();
    this.asking = new AbortController();
    const signal = this.asking.signal;
    try {
      const { data } = await this.server.ask("POST", this.server.addresses.likely, typed, { signal });
      if (!signal.aborted) this.showMatches(data.matches);
    } catch {
      // Only a help: adding asks once more.
    }
  }

  async submit(event) {
    event.preventDefault();
    const add = this.form.querySelector("[data-add]");
    const { turn } = this;
    add.disabled = true;
    // Who may be meant is asked by adding, too; an older answer must not take the place of this one.
    clearTimeout(this.timer);
    this.asking?.abort();
    try {
      const said = { ...this.values, is_someone_else: Boolean(this.confirmed) };
      const { status, data } = await this.server.ask("POST", this.server.addresses.donors, said);
      if (turn !== this.turn) return; // closed meanwhile: another row may be adding somebody else
      if (status === 201) this.finish(data.donor);
      else if (status === 409) this.showMatches(data.matches, { confirmed: true });
      else this.showErrors(data.errors);
    } catch (error) {
      if (turn === this.turn) this.showErrors({ "": [say(error instanceof SignedOut ? "signedOut" : "away")] });
    } finally {
      if (turn === this.turn) add.disabled = false;
    }
  }

  finish(donor) {
    this.donor = donor;
    this.dialog.close();
  }

  showMatches(matches, { confirmed = false } = {}) {
    this.confirmed = confirmed;
    this.likely.hidden = !matches.length;
    this.likely.querySelector("ul").replaceChildren(...matches.map((donor) => {
      const use = button(say("useThis", { name: donor.name }), () => this.finish(donor));
      return element("li", {}, use, " ", element("span", { class: "s-muted" }, donor.detail));
    }));
    this.form.querySelector("[data-add]").textContent = confirmed ? say("addAnyway") : say("add");
    if (confirmed) this.likely.querySelector("button")?.focus();
  }

  showErrors(errors) {
    this.dialog.querySelector("[data-errors]").replaceChildren(
      ...(errors[""] ?? errors.__all__ ?? []).map((text) => element("p", { class: "b-problem" }, text)),
    );
    let first;
    for (const place of this.dialog.querySelectorAll(".b-fields > [data-field]")) {
      const said = (errors[place.dataset.field] ?? []).join(" ");
      const line = place.querySelector(".b-problem");
      const field = place.querySelector("input");
      line.textContent = said;
      line.hidden = !said;
      field.setAttribute("aria-invalid", String(Boolean(said)));
      if (said) {
        field.setAttribute("aria-describedby", line.id);
        first ??= field;
      }
    }
    first?.focus();
  }
}
