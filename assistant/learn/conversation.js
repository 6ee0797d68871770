// Readings above the terms in the conversation's statements, where they are switched on. What is
// copied by the page's buttons lies elsewhere, and a reading is never selected.
(() => {
  if (!/(?:^|;\s*)kyodo_furigana=1/.test(document.cookie)) return;
  const source = new URL("readings.json", document.currentScript.src);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  function ruby(pieces) {
    const whole = document.createDocumentFragment();
    for (const [below, above] of pieces) {
      if (!above) {
        whole.append(below);
        continue;
      }
      const term = document.createElement("ruby");
      const reading = document.createElement("rt");
      reading.textContent = above;
      term.append(below, reading);
      whole.append(term);
    }
    return whole;
  }

  function texts(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest(".k-cite, .k-hidden, ruby")) {
        found.push(walker.currentNode);
      }
    }
    return found;
  }

  function dress(node, pattern, known) {
    const parts = node.data.split(pattern); // terms stand at the odd places
    if (parts.length < 2) return;
    const whole = document.createDocumentFragment();
    parts.forEach((part, place) => whole.append(place % 2 ? ruby(known.get(part)) : part));
    node.replaceWith(whole);
  }

  fetch(source)
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((readings) => {
      if (!readings.length) return;
      const known = new Map(readings);
      const pattern = new RegExp(`(${[...known.keys()].map(escaped).join("|")})`);
      const all = () => {
        for (const said of document.querySelectorAll('.k-statement[lang="ja"]:not([data-read])')) {
          said.dataset.read = "true";
          texts(said).forEach((node) => dress(node, pattern, known));
        }
      };
      let waiting = false;
      new MutationObserver(() => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          all();
        });
      }).observe(document.body, { childList: true, subtree: true });
      all();
    })
    .catch((error) => console.warn("no readings", error));
})();
