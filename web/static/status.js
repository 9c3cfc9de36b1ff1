// The line above the question that says how things stand.
"use strict";

const status = (() => {
  const { make } = elements;
  const SLOW = 8000; // ms without a word from the service
  const line = document.getElementById("status");
  let timer;

  function say(text) {
    clearTimeout(timer);
    line.replaceChildren(text || "");
  }

  /** Says something once nothing has been heard for a while. */
  function sayLater(text) {
    clearTimeout(timer);
    timer = setTimeout(() => say(text), SLOW);
  }

  /** Says that an answer is being made. */
  function typing() {
    const dots = make("span", "dots");
    dots.setAttribute("aria-hidden", "true");
    dots.append(make("i"), make("i"), make("i"));
    line.replaceChildren(dots, texts.typing);
    sayLater(texts.slow);
  }

  return { say, sayLater, typing };
})();
