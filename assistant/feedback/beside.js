// Feedback under an answer, without leaving the conversation. Every step is a page of the
// server's, of which one piece is put in place; without this script the links open that page.
"use strict";
(() => {
  const kept = new Map(); // what stands under an answer: the conversation is drawn anew under it
  const HOLDER = "[data-feedback]";

  async function piece(address, form) {
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      body: form,
      credentials: "same-origin",
      headers: { accept: "text/html" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-feedback-panel]");
  }

  function show(holder, panel) {
    if (!kept.has(holder.dataset.feedback)) {
      kept.set(holder.dataset.feedback, { holder, first: [...holder.childNodes] });
    }
    holder.dataset.open = "true";
    holder.replaceChildren(panel);
    const alert = panel.querySelector('[role="alert"]');
    const told = alert || panel.querySelector("h2");
    told.tabIndex = -1;
    told.focus({ preventScroll: true });
    told.scrollIntoView({ block: alert ? "center" : "nearest" });
  }

  function close(holder) {
    const entry = kept.get(holder.dataset.feedback);
    if (!entry) return;
    delete holder.dataset.open;
    holder.replaceChildren(...entry.first);
    kept.delete(holder.dataset.feedback);
    holder.querySelector("a")?.focus({ preventScroll: true });
  }

  function fail(holder) {
    let told = holder.querySelector("[data-feedback-failed]");
    if (!told) {
      told = document.createElement("p");
      told.className = "k-notice k-warning";
      told.dataset.feedbackFailed = "";
      told.setAttribute("role", "alert");
      holder.append(told);
    }
    told.textContent = holder.dataset.failed;
  }

  async function step(holder, address, form) {
    if (holder.dataset.waiting) return null;
    holder.dataset.waiting = "true";
    try {
      const panel = await piece(address, form);
      if (panel) show(holder, panel);
      else fail(holder);
      return panel;
    } catch (error) {
      console.warn("feedback was not sent", error);
      fail(holder);
      return null;
    } finally {
      delete holder.dataset.waiting;
    }
  }

  const filled = (form) => new URLSearchParams(new FormData(form));

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-feedback-open], a[data-feedback-close]");
    const holder = link?.closest(HOLDER);
    if (!holder || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("feedbackClose" in link.dataset) return close(holder);
    const panel = await step(holder, link.href);
    const form = panel?.querySelector("form");
    const verdict = form?.elements.namedItem("verdict")?.value;
    if (link.dataset.feedbackOpen === "right" && verdict === "right") {
      await step(holder, form.action, filled(form));
    }
  });

  document.addEventListener("submit", (event) => {
    const holder = event.target.closest(HOLDER);
    if (!holder) return;
    event.preventDefault();
    step(holder, event.target.action, filled(event.target));
  });

  // The server draws the conversation anew: what was open, and typed, is put back.
  new MutationObserver(() => {
    for (const [name, entry] of kept) {
      const fresh = document.querySelector(`[data-feedback="${CSS.escape(name)}"]`);
      if (fresh && fresh !== entry.holder) fresh.replaceWith(entry.holder);
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
