// Files that are chosen or dropped, and the picker of colours.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const on = (kinds, selector, act, first) => {
    for (const kind of kinds.split(" ")) addEventListener(kind, (event) => {
      const found = event.target.closest?.(selector);
      if (found) act(found, event);
    }, first);
  };
  // The picker and the field of a colour are one; files are sent as soon as they are chosen.
  on("input", "[data-colour]", (field) => { document.getElementById(field.dataset.colour).value = field.value; }, true);
  on("change", "input[type=file]", (input) => {
    const { most, tooLarge } = document.body.dataset;
    input.setCustomValidity(input.files[0]?.size > most ? tooLarge : "");
    input.reportValidity();
  }, true);
  const send = (input) => { input.focus(); if (input.files.length) input.form.requestSubmit(); };
  on("change", "[data-drop] input[type=file]", (input, event) => { event.stopPropagation(); send(input); }, true);
  for (const kind of ["dragover", "dragleave", "drop"]) addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (event.dataTransfer) event.preventDefault();
    if (!zone) return;
    zone.classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    const input = one("input[type=file]", zone);
    input.files = event.dataTransfer.files;
    send(input);
  });
})();
