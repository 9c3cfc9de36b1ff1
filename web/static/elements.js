// What every part of the page's script uses to make elements, and the page's texts.
"use strict";

const texts = JSON.parse(document.getElementById("texts").textContent);
const writings = JSON.parse(document.getElementById("writings").textContent);
const page = { lang: document.documentElement.lang, dir: document.documentElement.dir };

const elements = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#i-" + name);
    svg.append(use);
    return svg;
  }

  function button(className, text, iconName, does) {
    const element = make("button", className);
    element.type = "button";
    if (iconName) element.append(icon(iconName));
    element.append(make("span", "", text));
    if (does) element.addEventListener("click", does);
    return element;
  }

  /** An element whose words are the page's own, inside a text of another language. */
  function own(element) {
    element.lang = page.lang;
    element.dir = page.dir;
    return element;
  }

  /** A day in the page's language; a text that is no date stays as it is. */
  function date(day) {
    if (typeof day === "string") {
      const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
      if (!found) return day;
      day = new Date(found[1], found[2] - 1, found[3]);
    }
    return new Intl.DateTimeFormat(page.lang === "ar" ? "ar-MA-u-nu-latn-ca-gregory" : "fr-MA", { dateStyle: "long" }).format(day);
  }

  function newID() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  return { make, icon, button, own, date, newID };
})();
