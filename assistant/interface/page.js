// Runs once, when the question box is on the page. Gradio gives `element` (the box's own
// element) and `trigger` (sends an event to the server). Everything else is delegated from
// the document, so that it also works for what the server adds later.
const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const opened = new Map(); // ids of sources the reader opened or shut: kept over updates
const lastCite = new Map(); // source id -> the number that was followed to it
let offered = new URLSearchParams(location.search).get("q") || ""; // never asked by itself
let sent = null; // what is under way: {text, number of the newest turn before it}
let seenTurn = 0;
let waiting = 0; // the timer of a question that waits to be taken up

const newestNumber = () =>
  Number([...document.querySelectorAll(".k-turn")].at(-1)?.dataset.number || 0);
const box = () => one("#k-input");

// --- asking ---------------------------------------------------------------------------
function refuse(text) {
  one("#k-refused").textContent = text;
  box().focus();
}

function ask(text, fromBox, consent = "") {
  if (root.dataset.busy) return;
  const form = one(".k-form");
  const question = text.trim();
  const length = [...question].length;
  if (!question) return refuse(form.dataset.empty);
  if (length > Number(form.dataset.limit)) {
    return refuse(form.dataset.tooLong.replace("{length}", length.toLocaleString("en")));
  }
  one("#k-refused").textContent = "";
  offered = "";
  sent = { text: fromBox ? text : "", number: newestNumber() };
  root.dataset.busy = "true";
  one(".k-consent")?.remove();
  const ticket = wait();
  trigger("submit", { question, as_of: one("#k-as-of").value, consent, ticket });
  if (fromBox) {
    box().value = "";
    fit();
  }
}

// A question named in the address is put into the box until somebody writes there. The form may
// be drawn anew while the page starts: hence at every update.
function offer() {
  if (!offered || box().value) return;
  box().value = offered;
  fit();
  box().focus();
}

// A question that is not taken up soon stands in a queue: say so, and where. The ticket tells
// this question from others'; the further back it stands, the less often it is asked for.
function wait() {
  const ticket = [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
  clearTimeout(waiting);
  waiting = setTimeout(() => tellWaiting(ticket), 1500);
  return ticket;
}

async function tellWaiting(ticket) {
  let before = null;
  try {
    before = (await (await fetch(`./waiting?ticket=${ticket}`)).json()).before;
  } catch (error) {
    console.warn("the place in the queue is not known", error);
  }
  const form = one(".k-form");
  if (!sent || newestNumber() > sent.number) return; // taken up meanwhile
  const place = before === null ? "" : (before + 1).toLocaleString("en");
  one("#k-waiting").textContent = place
    ? form.dataset.waitingPlace.replace("{place}", place)
    : form.dataset.waiting;
  waiting = setTimeout(() => tellWaiting(ticket), 3000 + 50 * (before || 0));
}

function fit() {
  const field = box();
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, window.innerHeight * 0.4) + "px";
}

// --- sources --------------------------------------------------------------------------
function openSource(id, from) {
  const card = document.getElementById(id);
  if (!card) return;
  if (from) lastCite.set(id, from.id || null);
  card.open = true;
  opened.set(id, true);
  document.querySelectorAll(".k-source.k-current").forEach((c) => c.classList.remove("k-current"));
  card.classList.add("k-current");
  one("summary", card).focus({ preventScroll: true });
  const room = window.innerHeight - one("#k-form").offsetHeight;
  card.scrollIntoView({ block: card.offsetHeight < room * 0.9 ? "nearest" : "start" });
}

function back(id) {
  const from = document.getElementById(lastCite.get(id) || "") || one(`a[data-source="${id}"]`);
  if (!from) return;
  from.focus({ preventScroll: true });
  from.scrollIntoView({ block: "center" });
}

// --- copying and saving ---------------------------------------------------------------
async function copy(text, button) {
  const form = one(".k-form");
  let done = false;
  try {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      done = true;
    }
  } catch (error) {
    console.warn("clipboard refused", error);
  }
  if (!done) done = copyBySelection(text); // plain http on an intranet has no clipboard
  button.focus();
  const words = done ? form.dataset.copied : form.dataset.copyFailed;
  one("#k-status").textContent = words;
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = words;
  setTimeout(() => (button.textContent = label), 2500);
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "k-hidden";
  document.body.appendChild(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

function save(button) {
  const parts = [...document.querySelectorAll(".k-markdown")].map((p) => p.textContent);
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const clock = `${two(now.getHours())}:${two(now.getMinutes())}`;
  const made = button.dataset.made.replace("{date}", `${date} ${clock}`);
  const text = [`# ${button.dataset.heading}`, made, ...parts].join("\n\n") + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  link.download = `${button.dataset.download}-${date}.md`;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// --- what a click, a key and an update mean ------------------------------------------
function switchLanguage(language) {
  document.cookie = `kyodo_language=${language}; path=/; max-age=31536000; SameSite=Strict`;
  trigger("select", { language });
}

function forget() {
  opened.clear();
  lastCite.clear();
  one("#k-as-of").value = "";
  seenTurn = 0;
  trigger("clear", {});
  box().focus();
}

function onClick(event) {
  const cite = event.target.closest("a[data-source]");
  if (cite) {
    event.preventDefault();
    return openSource(cite.dataset.source, cite);
  }
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  const turn = button.closest(".k-turn");
  if ("ask" in data) return ask(button.textContent, false);
  if ("copyTurn" in data) return copy(one(".k-plain", turn).textContent, button);
  if ("copyDraft" in data) return copy(one("[data-copied]", turn).textContent, button);
  if ("download" in data) return save(button);
  if ("back" in data) return back(data.back);
  if ("stop" in data) return trigger("stop", {});
  if (root.dataset.busy) return;
  if ("consent" in data) return ask(box().value, true, data.consent);
  if ("retry" in data) {
    sent = { text: "", number: newestNumber() - 1 };
    turn.dataset.state = "working";
    return trigger("retry", { ticket: wait() });
  }
  if ("new" in data) return forget();
  if ("language" in data) return switchLanguage(data.language);
}

function onKey(event) {
  if (event.target.id !== "k-input" || event.key !== "Enter" || event.shiftKey) return;
  if (event.isComposing || event.keyCode === 229) return; // Enter that ends a conversion
  event.preventDefault();
  ask(box().value, true);
}

function onUpdate() {
  const form = one(".k-form");
  if (!form) return;
  root.lang = form.dataset.lang;
  document.title = form.dataset.title;
  const number = newestNumber();
  if (number) root.dataset.started = "true";
  else delete root.dataset.started;
  if (one('.k-turn[data-state="working"]')) root.dataset.busy = "true";
  else settle(number);
  offer();
  for (const [id, open] of opened) {
    const card = document.getElementById(id);
    if (card && card.open !== open) card.open = open;
  }
  if (number > seenTurn) one(`#k-turn-${number}`).scrollIntoView({ block: "start" });
  seenTurn = number;
}

// The server has dealt with what was sent: a newer turn stands finished, the question was
// refused, or Gradio shows an error. A question that did not become a turn comes back.
function settle(number) {
  if (!sent) {
    delete root.dataset.busy;
    return;
  }
  const broken = one(".toast-body.error");
  const failed = broken || one("#k-refused").textContent;
  if (number <= sent.number && !failed) return;
  if (number <= sent.number && sent.text && !box().value) box().value = sent.text;
  sent = null;
  clearTimeout(waiting);
  one("#k-waiting").textContent = "";
  delete root.dataset.busy;
  if (broken) sayWhyNot();
}

// Gradio says in English that it failed: take that away, and say what is the matter. A server
// that still answers had no room for one more question.
async function sayWhyNot() {
  document.querySelectorAll(".toast-body.error").forEach((toast) => toast.remove());
  const { full, lost } = one(".k-form").dataset;
  const answer = await fetch("./waiting").catch(() => null);
  if (answer?.status === 401) return askToSignIn();
  one("#k-refused").textContent = answer?.ok ? full : lost;
}

// Whoever left the page open for long has to sign in again: in a tab of its own, so that the
// conversation and the question stay.
function askToSignIn() {
  const form = one(".k-form");
  const link = document.createElement("a");
  link.href = "./sign-in";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = form.dataset.signIn;
  one("#k-refused").replaceChildren(form.dataset.expired, " ", link, " ", form.dataset.signedIn);
  link.focus();
}

function openForPrint() {
  document.querySelectorAll(".k-source").forEach((card) => (card.open = true));
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("submit", (event) => {
  if (!event.target.closest(".k-form")) return;
  event.preventDefault();
  ask(box().value, true);
});
document.addEventListener("input", (event) => {
  if (event.target.id !== "k-input") return;
  offered = "";
  one("#k-refused").textContent = "";
  fit();
});
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.classList.contains("k-source")) opened.set(event.target.id, event.target.open);
  },
  true,
);
window.addEventListener("beforeprint", openForPrint);

let scheduled = false;
new MutationObserver(() => {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    onUpdate();
  });
}).observe(document.body, {
  childList: true,
  subtree: true,
  attributeFilter: ["data-state", "data-lang"],
});
onUpdate();
