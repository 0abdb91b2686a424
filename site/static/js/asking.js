// What a page asks the server while somebody fills it in. That no answer comes is said in words
// (templates/components/no_answer.html); what was typed stays where it is.

const TOKEN = "csrfmiddlewaretoken";

export class NoAnswer extends Error {
  // `why` is "away", "signed-out" or "wrong".
  constructor(why) {
    super(why);
    this.why = why;
  }
}

// Gives the answer's text. A form is sent when there is one, else the address is read. Throws NoAnswer; when `signal`
// called the question off, whatever the browser throws then.
export async function ask(address, { form, signal } = {}) {
  const token = form?.has(TOKEN) && freshToken();
  if (token) form.set(TOKEN, token);
  let answer, text;
  try {
    const headers = { "X-Requested-With": "XMLHttpRequest" };
    answer = await fetch(address, { method: form ? "POST" : "GET", body: form, headers, signal });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NoAnswer("away");
  }
  // The page to sign in on is no answer.
  if (answer.redirected || answer.status === 403) throw new NoAnswer("signed-out");
  if (!answer.ok) throw new NoAnswer("wrong");
  return text;
}

// Returns a function that asks and gives the answer to `show`. Only the newest question counts: it calls off the one
// before. `form` makes anew what is sent, so that asking again sends what stands there by then.
export function newest(show) {
  let asking;
  return async function question(address, { form } = {}) {
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const text = await ask(address, { form: form?.(), signal: mine.signal });
      if (mine.signal.aborted) return;
      hush();
      show(text);
    } catch (error) {
      if (mine.signal.aborted) return;
      complain(error, () => question(address, { form }));
    }
  };
}

// Says why no answer came; `again` is what the button "Try again" does.
export function complain(error, again) {
  if (!(error instanceof NoAnswer)) throw error;
  const notice = document.querySelector("[data-no-answer]");
  for (const words of notice.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== error.why;
  const button = notice.querySelector("[data-again]");
  button.hidden = !again;
  button.onclick = () => {
    hush();
    again();
  };
  // Below an open dialog nothing can be read or pressed.
  (document.querySelector("dialog[open]") ?? document.body).append(notice);
  notice.hidden = false;
}

// An answer came: nothing is wrong any more.
export function hush() {
  document.querySelector("[data-no-answer]").hidden = true;
}

// Whoever signs in again in another window has another token; what is sent from this one carries it from then on.
export function freshToken() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

export function freshen(form) {
  const token = freshToken();
  for (const field of token ? form.querySelectorAll(`input[name=${TOKEN}]`) : []) field.value = token;
}
