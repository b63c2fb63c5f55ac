"use strict";
const table = document.querySelector(".class table");
const body = table.tBodies[0];
const rows = Array.from(body.rows, (row, place) => ({
  row,
  place,
  name: row.cells[0].textContent.toLowerCase(),
  tags: new Set(row.dataset.t.split(" ")),
}));
const form = document.querySelector("form");
const count = document.getElementById("count");
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function filter() {
  const wanted = form.elements.name.value.trim().toLowerCase();
  const tag = form.elements.tag.value;
  let shown = 0;
  for (const { row, name, tags } of rows) {
    row.hidden = !name.includes(wanted) || (tag !== "" && !tags.has(tag));
    shown += !row.hidden;
  }
  count.textContent = `${shown} of ${rows.length} shown`;
}

function key(row, column) {
  const text = row.cells[column].textContent;
  return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

function sort(head) {
  const column = head.cellIndex;
  const descends = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descends ? "descending" : "ascending");
  const keyed = rows.map((each) => ({ ...each, key: key(each.row, column) }));
  keyed.sort((a, b) => (descends ? -1 : 1) * compare(a.key, b.key) || a.place - b.place);
  body.append(...keyed.map(({ row }) => row));
}

for (const head of table.tHead.rows[0].cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(head));
  head.append(button);
}
for (const button of document.querySelectorAll("button[data-tag]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    form.elements.name.value = "";
    form.elements.tag.value = button.dataset.tag;
    filter();
    document.getElementById("submissions").scrollIntoView();
    form.elements.tag.focus({ preventScroll: true });
  });
}
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
filter();
