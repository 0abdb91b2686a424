// The grid of a batch: what it begins with stands in the page.
import { Grid } from "./grid.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

new Grid(document.querySelector("[data-batch]"), read("batch-config"), read("batch-sheet"));
