// What was typed and is not saved yet, kept in this browser until the server has it: it outlives a crash and an outage.

export class Drafts {
  constructor(batch) {
    this.prefix = `steward-batch:${batch}:`;
  }

  keep(key, draft) {
    try {
      localStorage.setItem(this.prefix + key, JSON.stringify(draft));
    } catch {
      // Private windows and full disks have no room: the server still gets it.
    }
  }

  drop(key) {
    try {
      localStorage.removeItem(this.prefix + key);
    } catch {
      // As above.
    }
  }

  all() {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(this.prefix)) {
          found.push({ key: name.slice(this.prefix.length), ...JSON.parse(localStorage.getItem(name)) });
        }
      }
    } catch {
      // As above.
    }
    return found.sort((one, other) => one.at - other.at);
  }
}
