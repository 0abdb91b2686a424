// The search box: results while one types, arrows to walk through them, "/" to get there from anywhere.
// Without this file the box in the side bar and the search page work by themselves.
import { newest } from "./asking.js";

const { findAddress: address, page, label, hint } = document.querySelector("script[data-find-address]").dataset;
const WAIT = 150; // milliseconds of quiet before asking

function liveBox(box, results, { onShown } = {}) {
  let timer;
  let asked;
  const question = newest((answer) => {
    const here = results.contains(document.activeElement) && document.activeElement.href;
    results.innerHTML = answer;
    results.dataset.of = asked;
    // Whoever had walked on to somebody found before goes on from there.
    if (here) ([...results.querySelectorAll("[data-find-hit]")].find((hit) => hit.href === here) ?? box).focus();
    onShown?.();
  });
  const ask = () => {
    asked = box.value;
    return question(`${address}?${new URLSearchParams({ q: asked })}`);
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  return ask;
}

function walk(root, box) {
  root.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const hits = [...root.querySelectorAll("[data-find-hit]")];
    const at = hits.indexOf(document.activeElement);
    if (event.key === "Home" || event.key === "End") {
      if (at < 0) return; // in the box these keys move the cursor
      event.preventDefault();
      hits[event.key === "Home" ? 0 : hits.length - 1].focus();
      return;
    }
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : hits[Math.min(next, hits.length - 1)])?.focus();
  });
}

function part(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

let dialog;
function openDialog(text = "") {
  if (!dialog) {
    const box = part("input", {
      type: "search", name: "q", class: "s-find__box", placeholder: hint, "aria-label": label, autocomplete: "off",
      spellcheck: "false", maxlength: "200",
    });
    const results = part("div", { class: "s-find__results" });
    const form = part("form", { action: page, role: "search", class: "s-find__form" }, box);
    dialog = part("dialog", { class: "s-find s-find--over", "aria-label": label }, form, results);
    dialog.ask = liveBox(box, results);
    dialog.box = box;
    walk(dialog, box);
    // Enter opens the first thing found; while nothing is shown yet, the page with everything.
    form.addEventListener("submit", (event) => {
      const first = results.querySelector(".s-find__list [data-find-hit]");
      if (first && results.dataset.of === box.value) {
        event.preventDefault();
        window.location.assign(first.href);
      }
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  }
  dialog.box.value = text || dialog.box.value;
  dialog.showModal();
  dialog.box.select();
  dialog.ask();
}

function isTyping(element) {
  return element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

document.addEventListener("DOMContentLoaded", () => {
  const onPage = document.querySelector("[data-find]");
  const box = onPage?.querySelector("[data-find-box]");
  if (onPage) {
    const show = () => window.history.replaceState(null, "", `${page}?${new URLSearchParams({ q: box.value })}`);
    liveBox(box, onPage.querySelector("[data-find-results]"), { onShown: show });
    walk(onPage, box);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    if (box) box.select();
    else openDialog();
  });
  // Other boxes only know how to send what was typed: what is typed there goes on in ours.
  document.addEventListener("input", (event) => {
    if (box || !event.target.matches("#menu-search-q, [data-find-anywhere]")) return;
    const text = event.target.value;
    event.target.value = "";
    openDialog(text);
    dialog.box.setSelectionRange(text.length, text.length);
  });
});
