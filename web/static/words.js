// Turns plain text into elements whose parts stand in the right direction. No text becomes mark-up here.
"use strict";

const words = (() => {
  const ARABIC = /[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]/g;
  const LATIN = /[A-Za-z\u00c0-\u024f]/g;
  const LINK = /https?:\/\/[^\s<>"«»()]+[^\s<>"«»().,;:!?،؛؟]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
  // Latin words and figures, with what may stand between them: 52-05, 080 200 37 37, 1/2, CNIE.ma, « 75 DH ».
  const LATIN_RUN = /[+#]?[A-Za-z\u00c0-\u024f0-9]+(?:[ \u00a0]?[.,:;/\-–'’@_&+%°*()=][ \u00a0]?[A-Za-z\u00c0-\u024f0-9]+|[ \u00a0][A-Za-z\u00c0-\u024f0-9]+|[%°])*/g;
  const ARABIC_RUN = /[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]+(?:[ \u00a0،؛.:/\-–«»()]*[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]+)*/g;

  const count = (text, letters) => (text.match(letters) || []).length;

  /** The direction most of a text's letters have, or the given one where it has none. */
  function direction(text, otherwise) {
    const own = text.replace(LINK, " ");
    const rtl = count(own, ARABIC), ltr = count(own, LATIN);
    if (rtl === ltr) return otherwise;
    return rtl > ltr ? "rtl" : "ltr";
  }

  /** The direction of one line of a message: the message's own if the line begins with it, else that of most letters. */
  function lineDirection(line, own) {
    const first = /[A-Za-z\u00c0-\u024f\u0620-\u064a\u0671-\u06d3]/.exec(line.replace(LINK, " "));
    if (first && (first[0] > "\u0600") === (own === "rtl")) return own;
    return direction(line, own);
  }

  /** Appends text to an element, each run of the other direction isolated, addresses as links. */
  function fill(element, text, dir) {
    let at = 0;
    for (const found of text.matchAll(LINK)) {
      isolate(element, text.slice(at, found.index), dir);
      element.append(link(found[0]));
      at = found.index + found[0].length;
    }
    isolate(element, text.slice(at), dir);
  }

  function isolate(element, text, dir) {
    const runs = dir === "rtl" ? LATIN_RUN : ARABIC_RUN;
    let at = 0;
    for (const found of text.matchAll(runs)) {
      element.append(text.slice(at, found.index));
      const run = document.createElement("bdi");
      run.dir = dir === "rtl" ? "ltr" : "rtl";
      run.textContent = found[0];
      if (/\d/.test(found[0]) && found[0].length <= 24) run.className = "whole"; // a number is not broken at its dashes
      element.append(run);
      at = found.index + found[0].length;
    }
    element.append(text.slice(at));
  }

  function link(address) {
    const run = document.createElement("bdi");
    run.dir = "ltr";
    const a = document.createElement("a");
    a.href = address.includes("://") ? address : "mailto:" + address;
    if (address.includes("://")) { a.target = "_blank"; a.rel = "noopener noreferrer"; }
    a.textContent = address;
    run.append(a);
    return run;
  }

  const BULLET = /^\s*[-•–*]\s+/, NUMBER = /^\s*(\d{1,2})[.)]\s+/;

  /** The text as paragraphs and lists; line breaks stay line breaks. */
  function block(text, dir) {
    const out = document.createElement("div");
    out.className = "text";
    let list = null;
    for (const line of text.split("\n")) {
      const bullet = BULLET.exec(line), number = NUMBER.exec(line);
      const mark = bullet || number;
      const rest = mark ? line.slice(mark[0].length) : line.trim();
      if (!rest) { list = null; continue; }
      const kind = bullet ? "ul" : "ol";
      if (mark && (!list || list.localName !== kind)) {
        list = document.createElement(kind);
        out.append(list);
      }
      if (!mark) list = null;
      const item = document.createElement(mark ? "li" : "p");
      if (number) item.value = Number(number[1]);
      const own = lineDirection(rest, dir);
      if (own !== dir && !mark) item.dir = own;
      if (!mark && /[:：]$/.test(rest)) item.className = "head";
      label(mark && own !== dir ? inside(item, own) : item, rest, own, !mark);
      (list || out).append(item);
    }
    const first = out.firstElementChild;
    if (first && out.childElementCount > 1 && first.localName === "p" && first.textContent.length < 160 && !/[.!?؟:]$/.test(first.textContent)) first.className = "title";
    return out;
  }

  /** A part of an entry that goes in its own direction while its mark stays in place. */
  function inside(item, dir) {
    const run = document.createElement("bdi");
    run.dir = dir;
    item.append(run);
    return run;
  }

  /** Appends a line; the words before its colon stand out when they are a label such as « Frais : 75 DH ». */
  function label(item, text, dir, may) {
    const found = may && /^([^:]{1,46}[^:\d\s])\s?:\s+(?=\S)/.exec(text);
    if (!found || LINK.test(found[1])) { LINK.lastIndex = 0; fill(item, text, dir); return; }
    const b = document.createElement("b");
    fill(b, found[0].trimEnd(), dir);
    item.append(b, " ");
    fill(item, text.slice(found[0].length), dir);
  }

  /** The BCP 47 tag of a language of the service. */
  function tag(language) {
    return language === "arabizi" ? "ary-Latn" : language === "other" ? "" : language;
  }

  return { direction, lineDirection, fill, block, tag };
})();
