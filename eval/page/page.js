// Follows a measurement that is under way, and shows its result when it is there. Without this
// script the page says the same when it is loaded again.
"use strict";
const card = document.querySelector("[data-progress]");
const SECOND_MS = 1000;

async function follow() {
  let state;
  try {
    const answer = await fetch(card.dataset.progress);
    if (!answer.ok) return setTimeout(follow, 5 * SECOND_MS);
    state = await answer.json();
  } catch (error) {
    return setTimeout(follow, 5 * SECOND_MS); // the server is away: look again later
  }
  const bar = card.querySelector("progress");
  bar.max = Math.max(state.total, 1);
  bar.value = state.asked;
  card.querySelector("[data-told]").textContent = state.text;
  if (state.stage === "running") return setTimeout(follow, SECOND_MS);
  const status = card.querySelector("[data-status]");
  status.textContent = status.dataset.finished;
  return location.reload();
}

if (card) setTimeout(follow, SECOND_MS);
