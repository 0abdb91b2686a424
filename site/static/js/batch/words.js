// The page's sentences, in the reader's language: say("row", { number: 3 }).

const words = JSON.parse(document.getElementById("batch-words").textContent);

export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(label, act, kind = "button-secondary") {
  const made = element("button", { type: "button", class: `button button-small ${kind}` }, label);
  made.addEventListener("click", act);
  return made;
}

// Tells somebody who cannot see the page what has just happened.
export function announce(text) {
  document.querySelector("[data-live]").textContent = text;
}
