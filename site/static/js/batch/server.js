// Talks with the server. An answer is { status, data }; when there is none, Away or SignedOut is thrown.

export class Away extends Error {}
export class SignedOut extends Error {}

const WAIT = 15000; // milliseconds before a silent server counts as away

export class Server {
  constructor(addresses) {
    this.addresses = addresses;
    this.token = "";
  }

  row(key) {
    return this.addresses.row.replace("00000000-0000-0000-0000-000000000000", key);
  }

  async ask(method, address, body, { signal, keepalive = false } = {}) {
    const headers = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
    if (method !== "GET") {
      headers["Content-Type"] = "application/json";
      headers["X-CSRFToken"] = this.token;
    }
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), WAIT);
    signal?.addEventListener("abort", () => patience.abort());
    try {
      const answer = await fetch(address, {
        method, headers, keepalive, body: body && JSON.stringify(body), signal: patience.signal,
      });
      if (answer.redirected || answer.status === 403) throw new SignedOut();
      if (answer.status >= 500 || !answer.headers.get("Content-Type")?.includes("json")) throw new Away();
      return { status: answer.status, data: await answer.json() };
    } catch (error) {
      // A line can break in the middle of an answer, too.
      if (signal?.aborted || error instanceof SignedOut) throw error;
      throw new Away();
    } finally {
      clearTimeout(timer);
    }
  }
}
