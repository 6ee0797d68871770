// Follows a change that is under way, and says before sending that files are too big. Without
// this script the page says the same when it is loaded again, and the server refuses.
"use strict";
const SECOND_MS = 1000;
const card = document.querySelector("[data-progress]");
const form = document.querySelector("[data-upload]");

async function follow() {
  let state;
  try {
    const answer = await fetch(card.dataset.progress);
    if (!answer.ok) return setTimeout(follow, 5 * SECOND_MS);
    state = await answer.json();
  } catch (error) {
    return setTimeout(follow, 5 * SECOND_MS); // the server is away: look again later
  }
  if (!state.running) return location.reload();
  const bar = card.querySelector("progress");
  bar.max = state.total;
  bar.value = state.number;
  card.querySelector("[data-told]").textContent = state.text;
  return setTimeout(follow, SECOND_MS);
}

function check(event) {
  const files = [...form.querySelector("input[type=file]").files];
  const said = form.querySelector("[data-said]");
  if (files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.most)) {
    event.preventDefault();
    said.textContent = form.dataset.tooBig;
    return;
  }
  said.textContent = form.dataset.sending;
  form.querySelector("button").disabled = true;
}

if (card) setTimeout(follow, SECOND_MS);
if (form) form.addEventListener("submit", check);
