// Rows out of a spreadsheet: donor, amount and reference of each line, separated by tabs, semicolons or commas.

export function linesOf(text) {
  const mark = ["\t", ";"].find((each) => text.includes(each)) ?? ",";
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .map((line) => cellsOf(line, mark))
    .map(([donor = "", amount = "", reference = ""]) => ({ donor, amount, reference }));
}

// A cell in quotes may hold the mark: `"Lee, Ann","1,250.50",1001`.
function cellsOf(line, mark) {
  const cells = [""];
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === mark && !isQuoted) cells.push("");
    else cells[cells.length - 1] += letter;
  }
  return cells.map((cell) => cell.trim());
}
