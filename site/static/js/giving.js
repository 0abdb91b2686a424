// The giving page works without this. With it the line about the fee and the button always name the amount chosen,
// a browser solves the small task it may be set, and the page of a payment on its way looks again by itself.

const MINOR = 10n ** 6n; // rates are reckoned in millionths: no fraction is ever rounded on the way

// --- The form ---------------------------------------------------------------------------------------------------

/** Read what people write, `1,234.50` or `1 234,5`, as whole smallest units; null when it is no amount. */
function readUnits(text, places) {
  if (/\d\D*\p{L}\D*\d|\d\s+(?!\d{3}(?!\d))\d/u.test(text)) return null; // two numbers
  let digits = text.replace(/\p{L}+\.?/gu, "").replace(/[^\d.,]/g, "");
  const comma = digits.lastIndexOf(",");
  const dot = digits.lastIndexOf(".");
  let mark = ".";
  if (comma >= 0 && dot >= 0) mark = comma > dot ? "," : ".";
  else if (comma >= 0) mark = digits.indexOf(",") !== comma || digits.length - comma - 1 === 3 ? "." : ",";
  else if (digits.indexOf(".") !== dot) mark = ",";
  digits = digits.replaceAll(mark === "," ? "." : ",", "").replace(mark, ".");
  const found = /^(\d*)(?:\.(\d*))?$/.exec(digits);
  if (!found || !digits || /-/.test(text)) return null;
  const cents = (found[2] || "").padEnd(places + 1, "0");
  const rounding = cents[places] >= "5" ? 1n : 0n;
  return BigInt((found[1] || "0") + cents.slice(0, places)) + rounding;
}

/** What is paid so that `net` arrives: ceil((net + fixed) / (1 - rate)), in tens where Stripe charges no less. */
function withFee(net, rate, fixed, step) {
  const above = (net + fixed) * MINOR;
  const below = (MINOR - rate) * step;
  return ((above + below - 1n) / below) * step;
}

function follow(form) {
  const { currency, language, places: written, rate, fixed, words } = form.dataset;
  const places = Number(written);
  const patterns = JSON.parse(words);
  const rates = rate ? { rate: readUnits(rate, 6), fixed: readUnits(fixed, places) } : null;
  const write = (units) => {
    const whole = units % 10n ** BigInt(places) === 0n;
    const digits = whole ? 0 : places;
    const text = units.toString().padStart(places + 1, "0");
    const value = places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text;
    return new Intl.NumberFormat(document.documentElement.lang || language, {
      style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
    }).format(value);
  };
  const own = form.elements.other_amount;
  const button = form.querySelector("[data-live-button]");
  const line = form.querySelector("[data-live-line]");

  const often = () => form.elements.frequency?.value || "once";
  const tiles = () => form.elements[often() === "once" ? "amount" : `amount_${often()}`];

  function show() {
    const net = readUnits(own.value.trim() || tiles()?.value || "", places);
    if (net === null || net === 0n) {
      button.textContent = patterns.none;
      if (line) line.hidden = true;
      return;
    }
    const total = rates ? withFee(net, rates.rate, rates.fixed, places > 2 ? 10n : 1n) : net;
    if (line) {
      line.hidden = false;
      line.querySelector('[data-live="net"]').textContent = write(net);
      line.querySelector('[data-live="fee"]').textContent = write(total - net);
      line.querySelector('[data-live="total"]').textContent = write(total);
    }
    button.textContent = patterns[often()].replace("%s", write(form.elements.covers_fee?.checked ? total : net));
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "radio" && event.target.name.startsWith("amount")) own.value = "";
    show();
  });
  addEventListener("pageshow", show); // after the back button the browser fills the form in again
  show();
}

// --- The task ---------------------------------------------------------------------------------------------------

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(form) {
  const task = JSON.parse(form.dataset.task);
  const most = task.maxNumber ?? task.maxnumber;
  const encoder = new TextEncoder();
  for (let number = 0; number <= most; number += 1) {
    const hash = hex(await crypto.subtle.digest(task.algorithm, encoder.encode(task.salt + number)));
    if (hash === task.challenge) {
      const { algorithm, challenge, salt, signature } = task;
      form.elements.proof.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      return;
    }
  }
}

// --- A payment on its way ---------------------------------------------------------------------------------------

const LOOKS = [2, 4, 8, 16, 30]; // seconds; after that the link on the page does the same

async function lookAgain(place, look = 0) {
  if (look >= LOOKS.length) return;
  await new Promise((done) => setTimeout(done, LOOKS[look] * 1000));
  let response;
  try {
    response = await fetch(location.href, { headers: { "HX-Request": "true" } });
  } catch {
    return; // off line: the link on the page is still there
  }
  if (response.ok) {
    const answer = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-state]");
    if (answer && answer.dataset.state !== place.dataset.state) {
      place.replaceChildren(...answer.childNodes);
      place.dataset.state = answer.dataset.state;
      if (answer.hasAttribute("data-settled")) return;
    }
  }
  await lookAgain(place, look + 1);
}

const form = document.querySelector("form[data-giving]");
if (form) follow(form);
if (form?.dataset.task && globalThis.crypto?.subtle) solve(form);
const place = document.querySelector("[data-state]:not([data-settled])");
if (place) lookAgain(place);
