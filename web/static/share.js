// Taking an answer along: copied, printed, or sent with the person's own applications.
"use strict";

const share = (() => {
  const { make, icon, button } = elements;

  /** The answer as plain text, with what was asked and where it was asked. */
  function plain(question, result) {
    const lines = [result.text, location.origin];
    if (question) lines.unshift(texts.question + " " + question);
    return lines.join("\n\n");
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  }

  /** For pages without a secure connection, where browsers offer no clipboard. */
  function copyByHand(text) {
    const field = make("textarea", "hidden-text");
    field.value = text;
    document.body.append(field);
    field.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* not possible here */ }
    field.remove();
    return done;
  }

  /** Prints one answer alone. */
  function print(article) {
    const date = article.querySelector(".printed");
    if (date) date.textContent = texts.printed + " " + elements.date(new Date());
    article.classList.add("on-paper");
    document.body.classList.add("printing");
    addEventListener("afterprint", () => {
      article.classList.remove("on-paper");
      document.body.classList.remove("printing");
    }, { once: true });
    window.print();
  }

  function link(name, text, address) {
    const a = make("a", "way");
    a.href = address;
    a.append(icon(name), text);
    return a;
  }

  /** The ways to send a text; the person's own application does it. */
  function ways(title, text) {
    const inside = make("div", "ways");
    inside.hidden = true;
    inside.append(make("p", "hint", texts["share.hint"]),
      link("mail", texts["share.mail"], "mailto:?subject=" + encodeURIComponent(title || document.title) + "&body=" + encodeURIComponent(text.replace(/\n/g, "\r\n"))),
      link("phone", texts["share.sms"], "sms:?&body=" + encodeURIComponent(text)));
    if (navigator.share) {
      inside.append(button("way", texts["share.other"], "share", () => navigator.share({ title, text }).catch(() => { /* the person thought better of it */ })));
    }
    return inside;
  }

  function opener(box) {
    const one = button("act", texts.share, "share", () => {
      box.hidden = !box.hidden;
      one.setAttribute("aria-expanded", String(!box.hidden));
    });
    one.setAttribute("aria-expanded", "false");
    return one;
  }

  /** The row of buttons below an answer. */
  function bar(article, question, result, title) {
    const row = make("div", "acts"), said = make("span", "hint");
    said.setAttribute("role", "status");
    const text = plain(question, result), send = ways(title, text);
    row.append(
      button("act", texts.copy, "copy", async () => { said.textContent = (await copy(text)) ? texts.copied : texts["copy.failed"]; }),
      button("act", texts.print, "print", () => print(article)),
      opener(send), said, send);
    return row;
  }

  return { bar };
})();
