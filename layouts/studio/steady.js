// What is pressed twice is done once, what is disabled not at all, and the focus is never lost.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const on = (kinds, selector, act, first) => {
    for (const kind of kinds.split(" ")) addEventListener(kind, (event) => {
      const found = event.target.closest?.(selector);
      if (found) act(found, event);
    }, first);
  };
  // An answer without the form that was sent takes no field away: what it says stands above them.
  addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = one("#card, #sheet"), told = one("#said, #cleared");
    if (!told || detail.xhr.status < 400 || detail.serverResponse.includes(`id="${form?.id}"`)) return;
    const answer = new DOMParser().parseFromString(detail.serverResponse, "text/html");
    told.replaceChildren(...answer.querySelectorAll("#pages > .say"));
    told.scrollIntoView({ block: "nearest" });
    detail.serverResponse = "";
  });
  // Where what had the focus is gone, what stands there now has it.
  const stops = () => all("#main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)").filter((one) => one.checkVisibility());
  let had, seat;
  addEventListener("htmx:beforeSwap", () => { had = document.activeElement; seat = stops().indexOf(had); });
  addEventListener("htmx:afterSettle", () => setTimeout(() => {
    if (document.activeElement !== document.body || seat < 0 || had?.isConnected) return;
    const now = stops();
    now[Math.min(seat, now.length - 1)]?.focus();
  }));
  // What is disabled does nothing, nor what needs a program that is gone.
  const nothing = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  on("click", "[aria-disabled='true']", (_, event) => nothing(event), true);
  on("click", "a[download], [data-print]", (_, event) => { if (!one("#stopped").hidden) nothing(event); }, true);
  // The second click of a double click, and a key that is held down, do what the first has done: nothing more, but for
  // what goes on step by step.
  const steps = "[data-undo], [data-redo], [data-zoom], [data-layout], [value^='up '], [value^='down ']";
  on("click keydown", "a, button, summary, [role=button]", (found, event) => {
    const again = event.type === "click" ? event.detail > 1 : event.repeat && /^( |Enter)$/.test(event.key);
    if (again && !found.matches(steps)) nothing(event);
  }, true);
  // What a form begins that leads to another page, it begins once.
  let left = new WeakSet();
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[hx-post], [hx-get]")) return;
    if (!one("#stopped").hidden || left.has(form)) event.preventDefault();
    left.add(form);
  });
  addEventListener("pageshow", () => { left = new WeakSet(); });
})();
