// The page that holds what was sent while signed out: it goes with the token of whoever has signed in since.
import { freshen } from "./asking.js";

document.addEventListener("submit", (event) => freshen(event.target), { capture: true });
