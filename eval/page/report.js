"use strict";
const root = document.documentElement;
document.getElementById("switch").addEventListener("click", () => {
  root.lang = root.lang === "ja" ? "en" : "ja";
});
const questions = [...document.querySelectorAll(".q")];
const texts = new Map(questions.map((q) => [q, q.textContent.normalize("NFKC").toLowerCase()]));
const filters = [...document.querySelectorAll("[data-filter]")];
const words = document.getElementById("words");
function fits(question) {
  const wanted = words.value.normalize("NFKC").toLowerCase().trim();
  const chosen = filters.every((filter) => !filter.value ||
    question.dataset[filter.dataset.filter].split(" ").includes(filter.value));
  return chosen && texts.get(question).includes(wanted);
}
function show() {
  let count = 0;
  for (const question of questions) {
    question.hidden = !fits(question);
    count += question.hidden ? 0 : 1;
  }
  document.getElementById("count").textContent = count;
}
for (const control of [...filters, words]) control.addEventListener("input", show);
