// The page before a conversation: procedures by theme.
"use strict";

const start = (() => {
  const { make } = elements;
  const box = document.getElementById("theme"), list = document.getElementById("theme-list"), title = document.getElementById("theme-title");

  function entry(text) {
    const item = make("li"), button = make("button");
    button.name = "choice";
    button.value = text;
    const dir = words.lineDirection(text, page.dir), span = make("span");
    span.dir = dir;
    words.fill(span, text, dir);
    button.append(span);
    item.append(button);
    return item;
  }

  async function open(link) {
    const name = link.dataset.theme;
    for (const other of document.querySelectorAll(".theme")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    try {
      const titles = await sheets.theme(name, page.lang);
      list.replaceChildren(...titles.map(entry));
    } catch {
      list.replaceChildren(make("li", "bad", texts["theme.failed"]));
    }
    title.textContent = name;
    link.closest("li").after(place);
    place.append(box);
    box.hidden = false;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  const place = make("li", "place"); // the open theme stands right after its own entry

  if (box) {
    for (const link of document.querySelectorAll(".theme")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(link);
      });
    }
  }
})();
