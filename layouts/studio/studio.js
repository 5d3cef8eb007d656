// What HTML and htmx do not do: keys, printing, the size of pages, news.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (kinds, selector, act, first) => {
    for (const kind of kinds.split(" ")) addEventListener(kind, (event) => {
      const found = event.target.closest?.(selector);
      if (found) act(found, event);
    }, first);
  };
  if (window.Idiomorph) {
    Idiomorph.defaults.ignoreActiveValue = true;  // what is being typed stays
    // What somebody has folded or unfolded stays so, whatever it is shown as at first.
    const folds = new WeakSet();
    on("click", "summary", (head) => folds.add(head.parentElement), true);
    Object.assign(Idiomorph.defaults.callbacks, {
      beforeAttributeUpdated: (name, node) => name !== "sizes" && (name !== "open" || !folds.has(node)),
      // What is chosen for a button beside it stays, and is not sent. Nor does a page shown anew take back what was answered.
      beforeNodeMorphed: (node, fresh) => {
        // What nobody has typed in shows what was found for it, though it has the focus.
        if (node === document.activeElement && node.value === node.defaultValue && fresh.value) node.value = fresh.value;
        return !node.matches?.("[data-aside]") && !unsent.has(node) && !(node.matches?.("#said[data-answer]") && !fresh.matches("[data-answer]") && !fresh.textContent.trim());
      },
      afterNodeMorphed: (node, fresh) => {
        // A button that was pressed keeps the focus, not what it does, nor what it is called.
        if (node === document.activeElement && node.matches("a, button")) {
          node.value = fresh.value;
          node.replaceChildren(...fresh.childNodes);
        }
        // Chromium keeps each picture that has widths, and with it all of the answer that it came in.
        if (fresh.id === "main") for (const picture of all("img", fresh)) picture.srcset = "";
      },
    });
    on("input change", "[data-aside]", (_, event) => event.stopPropagation(), true);
  }
  const state = one("#state");
  // Fields that were typed in since something was sent: they stay, too.
  const unsent = new Set();

  // Which tab this is, and how much it has sent: what comes late is known by it.
  const tab = Math.random().toString(36).slice(2);
  let turn = 0;
  addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb !== "post") return;
    detail.parameters.turn = ++turn;
    // htmx takes a button that the focus has come to for the one that was pressed.
    if (!/^(input|change|typed)$/.test(detail.triggeringEvent?.type)) return;
    for (const name of ["do", "block"]) delete detail.parameters[name];
    detail.path = detail.elt.getAttribute("hx-post");
  });

  // 1. The lamp: shape, colour and word.
  let busy = 0, working = false, off = false, broken = false, seconds = "";
  const lamp = (kind, words) => {
    if (!state) return;
    one(".lamp", state).className = `lamp ${kind}`;
    const place = one(".words", state);
    if (place.textContent !== words) place.textContent = words;
  };
  // News are of all pages that are open: whether these here could be made, they say themselves.
  const rest = () => {
    if (!state || off || working) return;
    const say = state.dataset;
    if (broken) lamp("failed", say.broken);
    else if (one("#pages[data-failed]")) lamp("failed", say.failed);
    else if (one("#pages[data-again]")) lamp("busy", say.busy);
    else lamp("ready", seconds ? say.readyIn.replace("{}", seconds) : say.ready);
  };
  const stopped = () => {
    clearTimeout(busy);
    off = true;
    lamp("off", state.dataset.off);
    one("#stopped").hidden = false;
    // What was saved or kept before is not what stands in the fields now.
    if (!unsent.size) return;
    one("#said")?.replaceChildren();
    one("#draft-state")?.replaceChildren(state.dataset.unkept);
  };

  // 2. News; a silent program was stopped.
  if (state && "EventSource" in window) {
    let last = Date.now(), lost = 0;
    const source = new EventSource("/events");
    const heard = () => {
      last = Date.now();
      if (off) { off = false; one("#stopped").hidden = true; rest(); if (unsent.size) resend(); else again(); }
    };
    // What was told meanwhile is not told again.
    source.addEventListener("open", () => { lost = 0; working = false; clearTimeout(busy); rest(); });
    source.addEventListener("error", () => { if (++lost > 1) stopped(); });
    // Pages may have been ready before this page listened.
    source.addEventListener("beat", () => { heard(); if (one("[data-again]")) again(); });
    source.addEventListener("state", (event) => {
      heard();
      clearTimeout(busy);
      working = event.data === "busy";
      if (working) busy = setTimeout(() => lamp("busy", state.dataset.busy), 300);
      else {
        seconds = event.data.split(" ")[1];
        if (one("[data-again]")) again();
        else if (!underway.size) rest();  // else the answer tells
      }
    });
    // Changed pages, before the answer, which has the last word.
    source.addEventListener("page", ({ data }) => {
      const [seat, old, now] = data.split(" ");
      if (underway.size && seat === location.pathname) for (const picture of all(`[srcset*="${old}"]`)) picture.srcset = picture.srcset.replaceAll(old, now);
    });
    source.addEventListener("changed", (event) => { heard(); if (event.data !== tab) again(); });
    setInterval(() => {
      if (!off && Date.now() - last > 12000) stopped();
    }, 2000);
  }
  // Where the program is gone, that is told elsewhere.
  const ask = (verb, path, more) => htmx.ajax(verb, path, { target: "#main", select: "#main", swap: "morph:outerHTML", ...more })?.catch(() => {});
  const change = (values) => ask("POST", "/sheet", { source: "#sheet", values });
  addEventListener("studio:change", ({ detail }) => change(detail));
  // Shows the pages as they are now, when no answer is on its way: of two the older one might come last, and stay.
  const underway = new Set();
  let asking, news;
  function again() {
    news = underway.size > 0;
    if (window.htmx && one("[data-live]") && !news) ask("GET", location.href);
  }
  addEventListener("studio:again", again);
  addEventListener("htmx:beforeSend", ({ detail: { xhr, elt } }) => {
    const over = () => {
      underway.delete(xhr);
      if (asking === xhr) asking = 0;
      if (news && !underway.size) again();
      rest();
    };
    underway.add(xhr);
    if (asking) { news = true; asking.abort(); }
    if (elt === document.body) asking = xhr;
    const answered = xhr.onload, take = () => { try { answered(); } finally { over(); } };
    xhr.onload = () => { if (pressed) held.push(take); else take(); };
    for (const kind of ["error", "abort", "timeout"]) xhr.addEventListener(kind, over);
  });
  // What is pressed stays until it is let go.
  let pressed = false;
  const held = [];
  const release = () => setTimeout(() => {  // after the click
    pressed = false;
    for (const take of held.splice(0)) take();
  });
  addEventListener("pointerdown", (event) => { pressed = event.button === 0; });
  addEventListener("pointermove", (event) => { if (pressed && !event.buttons) release(); });
  for (const kind of ["pointerup", "pointercancel", "blur"]) addEventListener(kind, release);
  let chosen = false;
  on("change", "#choice", () => { chosen = true; }, true);
  addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "choice") chosen = false; });
  addEventListener("htmx:beforeSwap", ({ detail }) => {
    // What was chosen since an answer was asked for would be taken back.
    if (chosen) detail.shouldSwap = false;
    // What is no page of ours, as where something broke, takes no page away.
    broken = detail.xhr.status >= 400 && !detail.serverResponse.includes('id="main"');
    if (broken) {
      detail.shouldSwap = false;
      detail.requestConfig.sent?.forEach((field) => unsent.add(field));
    }
    // The field of what was refused shows what the other window wrote, or it would be sent once more.
    Idiomorph.defaults.ignoreActiveValue = !/ data-refused>/.test(detail.serverResponse);
  });
  // htmx rejects a promise where a request reaches no program: the lamp tells it.
  addEventListener("unhandledrejection", (event) => { if (event.reason === undefined) event.preventDefault(); });

  // 3. How pages are shown.
  const place = location.pathname.split("/")[1] || "print", layout = `${place}.layout`, zoom = `${place}.zoom`;
  let kept = {};
  try { kept = localStorage; } catch { /* as long as this page is shown */ }
  const zooms = ["z60", "z80", "z100", "z150", "z200"];
  let shown = 0;
  const lay = () => {
    const list = one("#page-list");
    if (!list) return;
    const many = kept[layout] || one("#pages").dataset.layout || "all", size = kept[zoom] || "z100";
    list.classList.remove("one", "two", "all", ...zooms);
    list.classList.add(many, size);
    for (const picture of all("img", list)) picture.sizes = picture.width + "px";
    for (const button of all("[data-layout]:is(button)")) button.setAttribute("aria-pressed", button.dataset.layout === many);
    const show = Number(one("#pages").dataset.show);
    const target = show && show !== shown && one(`#page-${show}`), stage = one("#pages");
    if (target && stage.scrollHeight > stage.clientHeight + 4) stage.scrollTop = target.offsetTop - stage.offsetTop;
    shown = show;
    for (const field of all("[data-tab]")) field.value = tab;
    for (const button of all("[data-zoom]")) {
      button.setAttribute("aria-disabled", zooms.at(button.dataset.zoom > 0 ? -1 : 0) === size);
    }
  };
  on("click", "[data-layout]:is(button), [data-zoom]", (button) => {
    if (button.dataset.layout) kept[layout] = button.dataset.layout;
    else kept[zoom] = zooms[zooms.indexOf(kept[zoom] || "z100") + Number(button.dataset.zoom)];
    lay();
  });
  // The open card comes into sight.
  let open = "";
  const reveal = () => {
    const card = one("#open-card"), key = card && one("[name=card]")?.value;
    if (card && key !== open) card.scrollIntoView({ block: "nearest" });
    // A page that was asked for a line has the focus there.
    const asked = !open && /^.line=/.test(location.search) && (card || one("#card"));
    if (asked) (one("[aria-describedby$=-told]", asked) || one("textarea, input:not([type=hidden])", asked))?.focus();
    open = key || "";
  };
  for (const show of [lay, reveal, rest]) { show(); addEventListener("htmx:afterSettle", show); }
  addEventListener("resize", lay);

  // 4. Printing.
  const framed = (failed) => {
    one("#printing")?.remove();
    const frame = Object.assign(document.createElement("iframe"), { id: "printing", name: "printing", className: "hidden", tabIndex: -1, ariaHidden: "true" });
    frame.addEventListener("load", () => {
      const shown = frame.contentWindow;
      try { if (shown.location.href !== "about:blank") { shown.focus(); shown.print(); } } catch { failed(); }
    });
    document.body.append(frame);
    return frame;
  };
  on("click", "a[data-print]", (link, event) => {
    event.preventDefault();
    framed(() => window.open(link.href)).src = link.href;
  });

  // Of a sheet the form is sent, into the frame: nothing of it stands in an address.
  on("click", "[data-print-form]", (button, event) => {
    event.preventDefault();
    framed(() => {});  // shown by the browser
    const form = button.form, before = form.target, action = form.action;
    form.target = "printing";
    form.action = button.formAction;
    HTMLFormElement.prototype.submit.call(form);
    form.target = before;
    form.action = action;
  });
  // What was found is empty after a point was added.
  addEventListener("htmx:afterRequest", (event) => {
    const action = event.detail.requestConfig?.parameters?.do || "";
    if (/^add /.test(action) && one("[data-find]")) { one("[data-find]").value = ""; one("[data-find]").focus(); }
    // A word that means no point by its name has added none, and stays, before it is sent again.
    if (action === "find-add") one("[data-find]").value ||= one("#found").dataset.word;
    if (action === "clear") for (const field of all("#sheet :is(input:not([type]), textarea)")) field.value = field.defaultValue;
    if (/^(up|down) \w+$/.test(action)) one(`button[value="${action}"]`)?.focus();
    if (/^remove /.test(action)) (one(".chosen h3") || one("[data-find]") || one("[data-undo]"))?.focus();
    // The focus goes with what was moved or added.
    const [, way, list, at] = /^(up|down) (.*)\/(\d+)$/.exec(action) || [];
    if (way) one(`button[value="${way} ${list}/${Number(at) + (way === "up" ? -1 : 1)}"]`)?.focus();
    const [, kind, path] = /^(add|section|item) (\/.*)$/.exec(action) || [];
    const added = kind && (kind === "item" ? document.getElementById(`f${path.replaceAll("/", "-")}`) : one("#open-card"));
    if (added) one(":is(textarea, select, input:not([type=hidden]))", added)?.focus();
  });
  // Enter adds the first point found; who types the next one need not wait.
  let added = Promise.resolve();
  on("keydown", "[data-find]", (field, event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const word = field.value;
    field.value = "";
    if (!word.trim()) return;
    added = added.then(() => change({ do: "find-add", find: word }));
  });
  addEventListener("pagehide", () => {
    const key = one("[data-sheet]");
    if (key) fetch("/sheet/leave", { method: "POST", keepalive: true, body: new URLSearchParams({ csrf: one("meta[name=csrf]").content, tab: key.value }) });
  });

  // What is typed while an answer is on its way is sent after it; what reached no program, when it is back.
  const resend = () => { if (one("#card")) htmx.trigger("#card", "typed"); };
  addEventListener("input", (event) => { if (event.target.form?.id === "card") unsent.add(event.target); }, true);
  let owed = false;  // a sheet that is neither printed nor saved would be lost
  on("click", "[data-print-form], [data-save]", () => { owed = false; }, true);
  addEventListener("htmx:beforeRequest", ({ detail: { requestConfig } }) => {
    if (requestConfig.verb !== "post") return;
    if (requestConfig.path === "/sheet") owed = requestConfig.parameters.do !== "clear";
    requestConfig.sent = [...unsent];
    unsent.clear();
  });
  addEventListener("htmx:sendError", ({ detail }) => { detail.requestConfig.sent?.forEach((field) => unsent.add(field)); stopped(); });
  addEventListener("htmx:afterRequest", ({ detail }) => setTimeout(() => { if (unsent.size && detail.successful) resend(); }));
  addEventListener("beforeunload", (event) => {
    if (owed || (off && unsent.size)) event.preventDefault();
    const form = one("#card");
    if (!form || !unsent.size) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("turn", ++turn);
    fetch(form.getAttribute("hx-post"), { method: "POST", keepalive: true, body });
  });

  // TODOs give way to what is typed.
  on("focusin", "input, textarea", (field) => { if (/^TODO:/.test(field.value)) field.select(); });

  // 5. Keys.
  addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    const press = (selector) => {
      const button = one(selector);
      if (button) { event.preventDefault(); button.click(); }
    };
    if (event.key === "F6") {
      const inside = one("#pages")?.contains(document.activeElement);
      (inside ? one(".choices :is(input, a, button, select, textarea)") : one("#pages"))?.focus();
      event.preventDefault();
    } else if (command && event.repeat && /^[ps]$/.test(key)) {
      event.preventDefault();
    } else if (command && key === "p") {
      const link = one("[data-print]");
      const send = () => one(".htmx-request") ? setTimeout(send) : link.click();
      if (link) { event.preventDefault(); send(); }
    } else if (command && key === "z" && !/^(input|textarea)$/i.test(event.target.tagName)) {
      press(event.shiftKey ? "[data-redo]" : "[data-undo]");
    } else if (event.altKey && (key === "arrowup" || key === "arrowdown")) {
      press(`#open-card [data-move="${key.slice(5)}"]`);
    } else if (event.key === "Escape" && event.target.closest?.("#open-card")) {
      one("[data-close]")?.click();
    } else if (command && (key === "b" || key === "i") && event.target.matches?.("[data-markdown]")) {
      const field = event.target, mark = key === "b" ? "**" : "*";
      const [from, to] = [field.selectionStart, field.selectionEnd];
      event.preventDefault();
      field.setRangeText(mark + field.value.slice(from, to) + mark, from, to, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (command && key === "s") {
      event.preventDefault();
      (one("[data-save]") || one("a[download]"))?.click();
    }
  });

  // 6. Lists, filtered as one types.
  on("input", "[data-filter]", (field) => {
    const wanted = field.value.toLocaleLowerCase();
    for (const item of all(":is(.pick, .result)", one(field.dataset.filter))) item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  });
})();
