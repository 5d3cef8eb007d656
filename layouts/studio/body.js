// Points in Visit sheet and Points, in a list and on a drawing of the body: arrow keys, ticks, and what they are called.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (kinds, selector, act) => {
    for (const kind of kinds.split(" ")) addEventListener(kind, (event) => {
      const found = event.target.closest?.(selector);
      if (found) act(found, event);
    });
  };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const middle = (mark) => { const box = one(".near", mark).getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; };
  on("keydown", ".body [data-code]", (mark, event) => {
    if (event.key === " " || (event.key === "Enter" && mark.tagName === "g")) { event.preventDefault(); tick(mark); return; }
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const from = middle(mark);
    let best, least = Infinity;
    const marks = all("[data-code]", mark.closest(".body"));
    for (const other of marks) {
      const to = middle(other);
      const along = (to.x - from.x) * way[0] + (to.y - from.y) * way[1];
      const across = Math.abs((to.x - from.x) * way[1]) + Math.abs((to.y - from.y) * way[0]);
      if (along > 1 && along + 2 * across < least) { least = along + 2 * across; best = other; }
    }
    if (!best) return;
    for (const other of marks) other.setAttribute("tabindex", other === best ? "0" : "-1");
    best.focus();
  });
  const tick = (mark) => {
    if (mark.tagName === "g") dispatchEvent(new CustomEvent("studio:change", { detail: { do: `toggle ${mark.dataset.code}` } }));
    else location.href = mark.getAttribute("href");
  };
  on("click", ".body g[data-code]", tick);

  // What a point is called stands over the drawing: for a mouse, a finger and the keys.
  const call = (mark) => { if (mark) one(".called", mark.closest(".body")).textContent = mark.getAttribute("aria-label"); };
  on("pointerover focusin", ".body [data-code]", call);
  addEventListener("htmx:afterSettle", () => call(one(".body [data-code]:hover") || one(".body [data-code]:focus")));
  // Arrow keys go from what is looked for to what was found, and back.
  on("keydown", ".search input, .results :is(a, button)", (from, event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key], there = all(".search input, .results :is(a, button)");
    const next = way && there[there.indexOf(from) + way];
    if (next) { event.preventDefault(); next.focus(); }
  });
  // A drawing that was asked for comes into sight.
  addEventListener("htmx:afterRequest", ({ detail }) => {
    if (/^view /.test(detail.requestConfig?.parameters?.do)) one(".body")?.scrollIntoView({ block: "nearest" });
  });
})();
