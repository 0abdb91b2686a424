// All rows of the batch: saved as they are typed, kept while the server is away, shared with whoever has it open too.
import { Drafts } from "./drafts.js";
import { Drawer } from "./drawer.js";
import { NewDonor } from "./new_donor.js";
import { linesOf } from "./paste.js";
import { Row } from "./row.js";
import { Away, Server, SignedOut } from "./server.js";
import { announce, button, element, say } from "./words.js";

const QUIET = 350; // milliseconds without a key before a row is saved
const LOOK = 10000; // milliseconds between two looks at what others do
const PATIENCE = [2000, 4000, 8000, 15000]; // milliseconds before the server that was away is asked again

export class Grid {
  constructor(root, config, sheet) {
    this.root = root;
    this.blank = config.blank;
    this.mayAdd = config.mayAdd;
    this.address = config.addresses.batch;
    this.server = new Server(config.addresses);
    this.drafts = new Drafts(config.batch);
    this.table = root.querySelector(".b-grid");
    this.drawer = new Drawer(root.querySelector("[data-drawer]"));
    this.newDonor = new NewDonor(root.querySelector("[data-new-donor]"), this.server);
    this.rows = new Map();
    this.removed = new Set();
    this.sent = this.shown = this.failures = 0;
    this.adopt(sheet);
    this.takeUpDrafts();
    this.listen();
    this.lastRow.donorField.focus();
  }

  listen() {
    this.looking = setInterval(() => this.look(), LOOK);
    window.addEventListener("online", () => this.look());
    window.addEventListener("pagehide", () => this.part());
    this.root.querySelector("[data-post]")?.addEventListener("click", (event) => this.post(event));
  }

  get list() {
    return [...this.table.querySelectorAll(":scope > .b-row")].map((body) => this.rows.get(body.dataset.key));
  }

  get lastRow() {
    return this.list.at(-1);
  }

  get dirty() {
    return this.list.filter((row) => row.isDirty);
  }

  get isWaiting() {
    return this.dirty.length > 0 || this.list.some((row) => row.removing);
  }

  // Rows in the table

  add(key, values) {
    const row = new Row(this, key, { ...this.blank, ...values });
    row.body.dataset.key = key;
    this.rows.set(key, row);
    this.table.append(row.body);
    return row;
  }

  addBlank() {
    if (!this.lastRow || !this.lastRow.isBlank) this.add(newKey(), {});
    this.number();
  }

  drop(row) {
    const next = this.list[this.list.indexOf(row) + 1];
    const hadFocus = row.body.contains(document.activeElement) || this.isLeftBy(row);
    this.drafts.drop(row.key);
    this.rows.delete(row.key);
    row.body.remove();
    this.addBlank();
    if (hadFocus) (next ?? this.lastRow).donorField.focus();
  }

  // In the server's order, and what it does not know yet below; the row one types in stays where it is on the page.
  arrange(order) {
    const known = order.map((key) => this.rows.get(key)).filter(Boolean);
    const wanted = [...known, ...this.list.filter((row) => !order.includes(row.key))];
    if (wanted.some((row, at) => row !== this.list[at])) {
      const here = wanted.findIndex((row) => row.body.contains(document.activeElement));
      wanted.forEach((row, at) => {
        if (at < here) wanted[here].body.before(row.body);
        else if (at !== here) this.table.append(row.body);
      });
    }
    this.addBlank();
  }

  number() {
    this.list.forEach((row, at) => row.count(at + 1));
  }

  // Saving

  changed(row) {
    row.isDirty = true;
    row.edition = (row.edition ?? 0) + 1;
    this.drafts.keep(row.key, { values: row.values, version: row.version, at: (row.since ??= Date.now()) });
    clearTimeout(row.timer);
    row.timer = setTimeout(() => this.save(row), QUIET);
    this.addBlank();
    this.showSaved();
  }

  async save(row, { keepalive = false } = {}) {
    clearTimeout(row.timer);
    if (!keepalive && !row.version) await this.saveNewAbove(row);
    if (row.saving) return row.saving;
    if (!row.isDirty || row.conflict || row.removing || this.isClosed) return;
    const { edition } = row;
    row.saving = this.send(row, keepalive);
    this.showSaved();
    await row.saving;
    if (row.edition !== edition && !this.failures) await this.save(row);
  }

  // Others wait for this promise: it is kept, whatever came of the row.
  async send(row, keepalive) {
    const { edition } = row;
    const turn = ++this.sent;
    try {
      this.answered(row, edition, turn, await this.server.ask("PUT", this.server.row(row.key), row.said, { keepalive }));
    } catch (error) {
      this.lost(error);
    } finally {
      row.saving = null;
      this.showSaved();
    }
  }

  async saveAll() {
    for (const row of this.dirty) {
      await row.saving; // what was typed since goes with the next
      await this.save(row);
    }
  }

  // A new row gets its number when it arrives: those above it go first, or the pile on the page would be out of order.
  async saveNewAbove(row) {
    for (const above of this.dirty) {
      if (above === row) return;
      if (!above.version) await this.save(above);
    }
  }

  // The row one was typing goes out with the page; several could arrive in any order, and wait in this browser instead.
  part() {
    const [row, ...others] = this.dirty;
    if (row && !others.length) this.save(row, { keepalive: true });
  }

  answered(row, edition, turn, { status, data }) {
    this.found();
    if (status === 409) return row.disagree(data.row);
    if (status === 410) return this.close(data.message);
    if (status !== 200) return this.notice("refused", say("refused", { message: data.message }));
    row.version = data.row.version;
    if (row.edition === edition) {
      row.isDirty = false;
      row.since = undefined;
      this.drafts.drop(row.key);
      row.show(data.row);
    } else {
      this.drafts.keep(row.key, { values: row.values, version: row.version, at: row.since });
    }
    this.stand(turn, data);
  }

  // What is wrong with which row, and how the pile adds up; an answer that was overtaken counts for nothing.
  stand(turn, { problems, order, tally }) {
    if (turn < this.shown) return;
    this.shown = turn;
    this.arrange(order);
    for (const row of this.rows.values()) {
      const before = row.problems.some((problem) => problem.field === "twin");
      row.problems = problems[row.key] ?? [];
      const twin = row.problems.find((problem) => problem.field === "twin");
      if (twin && !before) announce(`${say("row", { number: row.number })}: ${twin.words} ${twin.twins[0].words}`);
      row.complain();
    }
    this.drawer.refresh();
    this.showTally(tally);
  }

  // Until the answer comes the row takes nothing more; without one it is given back.
  async remove(row) {
    row.hadFocus = row.body.contains(document.activeElement);
    row.body.inert = true;
    row.removing = this.isRemoved(row);
    const isGone = await row.removing;
    row.removing = null;
    row.body.inert = false;
    this.showSaved();
    if (!isGone) return this.isLeftBy(row) && row.body.querySelector("[data-remove]").focus();
    const { number, values } = row;
    announce(say("removed", { number }));
    const back = button(say("putBack"), () => {
      this.notice("removed", null);
      this.restore({ ...values, twin_is_meant: false }).donorField.focus();
    });
    if (number) this.notice("removed", say("removed", { number }), back);
  }

  // Whether the cursor stood in the row when that stopped taking anything, and has gone nowhere since.
  isLeftBy(row) {
    return row.hadFocus && document.activeElement === document.body;
  }

  async isRemoved(row) {
    while (row.saving) await row.saving;
    clearTimeout(row.timer);
    if (row.version) {
      const turn = ++this.sent;
      const said = { version: row.version };
      try {
        const { status, data } = await this.server.ask("DELETE", this.server.row(row.key), said, { keepalive: true });
        this.found();
        if (status === 409) return row.disagree(data.row);
        if (status === 410) return this.close(data.message);
        this.removed.add(row.key);
        this.drop(row);
        this.stand(turn, data);
      } catch (error) {
        return this.lost(error);
      }
    } else {
      this.drop(row);
    }
    return true;
  }

  // Puts values on a row of their own, as if they had just been typed.
  restore(values) {
    const row = this.lastRow.isBlank ? this.lastRow : this.add(newKey(), {});
    row.show({ ...row.values, ...values });
    row.wasLeft = true;
    this.changed(row);
    this.save(row);
    return row;
  }

  // Lines out of a spreadsheet, each on a row of its own; who is meant beyond doubt is chosen, the others wait for it.
  async paste(row, event) {
    const text = event.clipboardData.getData("text/plain");
    if (!row.isBlank || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const pasted = linesOf(text).map(({ donor, ...cells }) => this.restore({ donor_typed: donor, ...cells }));
    for (const each of pasted) {
      const found = await this.findDonors(each.values.donor_typed, new AbortController().signal);
      const sure = (found ?? []).filter((donor) => !donor.guess);
      if (sure.length === 1 && !each.values.donor) each.choose(sure[0]);
      await each.saving;
      await this.save(each);
    }
    this.lastRow.donorField.focus();
  }

  // What was typed here and never reached the server: sent now, or held against what has been saved since.
  takeUpDrafts() {
    for (const draft of this.drafts.all()) {
      const row = this.rows.get(draft.key);
      if (!row && draft.version) {
        this.drafts.drop(draft.key);
        this.restore(draft.values);
        continue;
      }
      const taken = row ?? this.add(draft.key, {});
      taken.show({ ...taken.values, ...draft.values });
      taken.version = draft.version;
      taken.isDirty = true;
      taken.edition = 1;
    }
    this.table.querySelectorAll(":scope > .b-row").forEach((body) => {
      if (this.rows.get(body.dataset.key).isBlank) this.table.append(body);
    });
    this.addBlank();
    this.saveAll();
  }

  takeTheirs(row, theirs) {
    row.conflict = null;
    row.isDirty = false;
    row.version = theirs.version;
    this.drafts.drop(row.key);
    row.show(theirs);
    row.complain();
    row.donorField.focus();
    this.showSaved();
  }

  keepMine(row, theirs) {
    row.conflict = null;
    if (theirs) {
      row.version = theirs.version;
      this.save(row);
      row.donorField.focus();
    } else {
      const { values } = row;
      this.drop(row);
      this.restore(values).donorField.focus();
    }
  }

  letGo(row) {
    row.conflict = null;
    this.drop(row);
    this.showSaved();
  }

  isAnother(row) {
    row.change({ twin_is_meant: true });
    this.save(row);
    this.lastRow.donorField.focus();
  }

  // The server: there, away, or not ours any more

  async look() {
    if (this.isLooking || this.isClosed) return;
    this.isLooking = true;
    const before = this.sent;
    try {
      const { data } = await this.server.ask("GET", this.server.addresses.sheet);
      this.server.token = data.token;
      const isMissed = this.failures > 0;
      this.found();
      // What was read while a row was on its way may be older than the row.
      if (before === this.sent && ![...this.rows.values()].some((row) => row.saving)) this.adopt(data);
      if (isMissed) await this.saveAll();
      if (isMissed && !this.dirty.length) announce(say("back"));
    } catch (error) {
      this.lost(error);
    } finally {
      this.isLooking = false;
    }
  }

  adopt(sheet) {
    this.server.token = sheet.token;
    if (sheet.batch.state !== "open") return this.close(sheet.closed);
    const there = new Set(sheet.rows.map((values) => values.key));
    for (const values of sheet.rows) {
      const row = this.rows.get(values.key) ?? (this.removed.has(values.key) ? null : this.add(values.key, {}));
      if (!row || row.isDirty || values.version === row.version) continue;
      row.version = values.version;
      row.show(values);
      row.wasLeft = !row.body.contains(document.activeElement);
    }
    for (const row of this.list) {
      if (!row.version || there.has(row.key)) continue;
      if (row.isDirty) row.disagree(null);
      else this.drop(row);
    }
    this.stand(this.sent, sheet);
    this.showOthers(sheet.others);
  }

  lost(error) {
    if (!(error instanceof Away || error instanceof SignedOut)) throw error;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.look(), PATIENCE[Math.min(this.failures, PATIENCE.length - 1)]);
    this.failures += 1;
    const signIn = element("a", { href: window.location.href, target: "_blank", rel: "noopener" }, say("signIn"));
    if (error instanceof SignedOut) this.notice("server", say("signedOut"), signIn);
    else this.notice("server", say("away"));
  }

  found() {
    if (!this.failures) return;
    this.failures = 0;
    clearTimeout(this.retry);
    this.notice("server", null);
  }

  close(message) {
    this.isClosed = true;
    clearInterval(this.looking);
    const link = element("a", { href: this.address }, say("openIt"));
    this.notice("closed", say("closed", { message }), link);
    this.table.querySelectorAll("input, button").forEach((field) => { field.disabled = true; });
  }

  async post(event) {
    if (!this.isWaiting || this.isClosed) return;
    event.preventDefault();
    await Promise.all(this.list.map((row) => row.removing));
    await this.saveAll();
    if (!this.isWaiting) window.location.assign(this.root.querySelector("[data-post]").href);
  }

  // Asking

  // Null while the server is away: that it is said to be away is enough, and says nothing of who is on record.
  async findDonors(letters, signal) {
    try {
      const query = new URLSearchParams({ q: letters });
      const { data } = await this.server.ask("GET", `${this.server.addresses.donors}?${query}`, null, { signal });
      return data.donors;
    } catch (error) {
      if (signal.aborted) throw error;
      this.lost(error);
      return null;
    }
  }

  // Never in the way: while the server is away nothing is offered.
  async findPromise(row) {
    const { donor, amount, received_on, reference } = row.values;
    const query = new URLSearchParams({ donor: donor.id, amount, received_on, reference, row: row.key });
    try {
      const { status, data } = await this.server.ask("GET", `${this.server.addresses.expected}?${query}`);
      return status === 200 ? data.offer : null;
    } catch (error) {
      this.lost(error);
      return null;
    }
  }

  async addDonor(row, letters) {
    const donor = await this.newDonor.ask(letters);
    row.donorField.focus();
    if (!donor) return;
    row.choose(donor);
    row.amountField.focus();
  }

  openDrawer(row) {
    this.drawer.open(row);
  }

  chose(row, donor) {
    announce([say("chosen", { name: donor.name }), donor.warning, donor.detail].filter(Boolean).join(" "));
  }

  // Keys

  key(row, event) {
    if (event.key === "F2") {
      event.preventDefault();
      return this.openDrawer(row);
    }
    if (event.key === "F4" && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      return row.takePromise();
    }
    const at = row.fields.indexOf(event.target);
    if (event.key.toLowerCase() === "d" && event.ctrlKey && at >= 0) {
      event.preventDefault();
      const above = this.list[this.list.indexOf(row) - 1];
      return above && row.takeAfter(above, event.target);
    }
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const list = this.list;
    const neighbour = list[list.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
    if (event.key === "Enter") {
      event.preventDefault();
      if (at === 0) row.amountField.focus();
      else if (!row.isBlank) (neighbour ?? this.lastRow).donorField.focus();
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && neighbour) {
      event.preventDefault();
      neighbour.fields[at].focus();
    }
  }

  // Showing

  showTally(tally) {
    const show = (name, text) => { this.root.querySelector(`[data-${name}]`).textContent = text; };
    show("count", tally.count);
    show("expected-count", tally.expected_count);
    show("total", tally.total);
    show("expected-total", tally.expected_total);
    show("difference", tally.agrees ? say("agrees") : tally.difference);
    this.root.querySelector(".b-bar").classList.toggle("b-bar--agrees", tally.agrees);
    if (tally.agrees && this.agreed === false) announce(say("agrees"));
    this.agreed = tally.agrees;
  }

  showSaved() {
    const waiting = this.dirty.length;
    const isSaving = this.dirty.some((row) => row.saving);
    const text = !waiting ? say("saved") : isSaving ? say("saving") : say("waiting", { count: waiting });
    const place = this.root.querySelector("[data-saved]");
    place.textContent = text;
    place.classList.toggle("b-saved--waiting", waiting > 0);
  }

  showOthers(names) {
    const place = this.root.querySelector("[data-others]");
    const text = names.length ? say("others", { names: names.join(", ") }) : "";
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !text;
  }

  notice(name, text, ...more) {
    const place = this.root.querySelector("[data-notices]");
    const shown = place.querySelector(`[data-notice=${name}]`);
    if (!text) return shown?.remove();
    const line = element("p", { "data-notice": name, class: `b-notice b-notice--${name}` }, text, " ", ...more);
    if (!shown) place.append(line);
    else if (shown.textContent !== line.textContent) shown.replaceWith(line);
  }
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without https there is no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
