// On every screen of the workspace: forms that were open while somebody signed in again are taken all the same, and what
// htmx asks for is shown only when it is an answer.
import { complain, freshen, freshToken, hush, NoAnswer } from "./asking.js";

document.addEventListener("submit", (event) => freshen(event.target), { capture: true });

document.addEventListener("htmx:configRequest", ({ detail: { parameters } }) => {
  if (parameters.csrfmiddlewaretoken) parameters.csrfmiddlewaretoken = freshToken() ?? parameters.csrfmiddlewaretoken;
});

// What was chosen where an answer is to stand, after it was asked for, is newer than the answer.
const outdated = new WeakSet();

document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr, requestConfig } }) => {
  if (requestConfig.verb === "get") target.addEventListener("change", () => outdated.add(xhr), { once: true });
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, pathInfo } = detail;
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  // htmx follows a redirect to the page to sign in on, and takes it for the answer.
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked.pathname) {
    detail.shouldSwap = false;
    complain(new NoAnswer("signed-out"));
  } else if (xhr.status < 400) {
    hush();
    if (outdated.has(xhr)) detail.shouldSwap = false;
  }
});

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  complain(new NoAnswer(xhr.status === 403 ? "signed-out" : "wrong"));
});

for (const silence of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(silence, () => complain(new NoAnswer("away")));
}
