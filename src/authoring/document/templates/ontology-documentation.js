"use strict";
const cards = [...document.querySelectorAll(".card")];
const search = document.getElementById("search"), hits = document.getElementById("hits"), found = document.getElementById("found");
const menu = document.querySelector(".menu"), narrow = matchMedia("(max-width: 56rem)");
menu.open = !narrow.matches;
// The best hits first: a label that begins with the words, then one that holds them, then any text.
function look() {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  hits.replaceChildren();
  found.textContent = "";
  document.querySelector(".tree").hidden = words.length > 0;
  if (!words.length) return;
  const all = [];
  for (const card of cards) {
    const text = card.dataset.text, label = card.querySelector(".self").textContent.toLowerCase();
    if (!words.every(word => text.includes(word) || label.includes(word))) continue;
    all.push([label.startsWith(words[0]) ? 0 : label.includes(words[0]) ? 1 : 2, label.length, card]);
  }
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  found.textContent = all.length === 1 ? "1 term" : `${all.length} terms`;
  for (const [, , card] of all.slice(0, 40)) {
    const item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("small");
    link.href = `#${card.id}`;
    link.textContent = card.querySelector(".self").textContent;
    kind.textContent = ` ${card.querySelector(".kind").textContent}`;
    item.append(link, kind);
    hits.append(item);
  }
}
search.addEventListener("input", look);
search.addEventListener("keydown", event => {
  if (event.key === "Enter") hits.querySelector("a")?.click();
  if (event.key === "Escape") { search.value = ""; look(); }
});
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
});
document.getElementById("nav").addEventListener("click", event => {
  if (narrow.matches && event.target.closest("a")) { menu.open = false; search.value = ""; look(); }
});
// The tree opens where the page is.
function follow() {
  const link = document.querySelector(`.tree a[href="${CSS.escape(location.hash).replace(/^\\#/, "#")}"]`);
  for (let at = link?.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS" && at !== menu) at.open = true;
}
addEventListener("hashchange", follow);
follow();
for (const block of document.querySelectorAll("pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  button.addEventListener("click", () => navigator.clipboard?.writeText(block.querySelector("code").textContent)
    .then(() => { button.textContent = "copied"; }));
  block.append(button);
}
