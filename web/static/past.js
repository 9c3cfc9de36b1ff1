// The window with the conversations of this device.
"use strict";

class Past {
  /** `open(id)` shows a kept conversation, `cleared()` is called once all are forgotten. */
  constructor(talks, open, cleared) {
    const $ = (id) => document.getElementById(id);
    Object.assign(this, { talks, open, dialog: $("past"), list: $("past-list"), empty: $("past-empty"), said: $("past-said"), keep: $("past-keep") });
    const opener = $("past-open");
    opener.hidden = false;
    opener.addEventListener("click", () => this.show());
    $("past-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.keep.addEventListener("change", () => {
      talks.keeping = this.keep.checked;
      this.said.textContent = texts[this.keep.checked ? "past.on" : "past.off"];
      this.fill();
    });
    $("past-clear").addEventListener("click", () => {
      talks.clear();
      cleared();
      this.fill();
      this.said.textContent = texts["past.cleared"];
    });
  }

  show() {
    this.keep.checked = this.talks.keeping;
    this.said.textContent = "";
    this.fill();
    this.dialog.showModal();
  }

  fill() {
    const talks = this.talks.list();
    this.empty.hidden = talks.length > 0;
    this.list.replaceChildren(...talks.map((talk) => this.entry(talk)));
  }

  entry(talk) {
    const { make, button, date } = elements;
    const item = make("li"), open = make("button", "talk"), text = Past.title(talk), name = make("span", "name");
    open.type = "button";
    name.dir = words.direction(text, page.dir);
    words.fill(name, text, name.dir);
    open.append(name, make("span", "hint", date(new Date(talk.at))));
    open.addEventListener("click", () => { this.dialog.close(); this.open(talk.id); });
    const away = button("link", texts["past.remove"], "", () => {
      this.talks.remove(talk.id);
      const next = item.nextElementSibling || item.previousElementSibling;
      this.fill();
      (next && this.list.querySelector(".talk") || this.keep).focus();
    });
    away.append(make("span", "hidden-text", " – " + text));
    item.append(open, away);
    return item;
  }

  /** What a conversation is called: its first question. */
  static title(talk) {
    const first = talk.items.find((i) => i.who === "mine");
    const text = first ? first.text : elements.date(new Date(talk.at));
    return text.length > 90 ? text.slice(0, 90) + "…" : text;
  }
}
