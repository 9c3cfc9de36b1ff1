// Where an answer comes from: the sheets it cites.
"use strict";

const sources = (() => {
  const { make, own } = elements;

  /** All sheets cited, with what the answer says they rest on. */
  function box(citations, basis) {
    const element = own(make("div", "sources")), list = make("ul");
    element.append(make("p", "label", texts.source), list);
    const grouped = new Map();
    for (const c of citations) {
      const key = c.procedure + " " + c.lang;
      if (!grouped.has(key)) grouped.set(key, []);
      grouped.get(key).push(c);
    }
    for (const group of grouped.values()) list.append(cited(group, basis));
    return element;
  }

  /** One cited sheet: its title, where it comes from, of when it is, and the words cited. */
  function cited(group, basis) {
    const first = group[0], item = make("li"), linked = /^https?:/.test(first.url);
    const holder = make(linked ? "a" : "span", "sheet"), title = make("bdi", "", first.procedure);
    title.lang = first.lang;
    holder.append(title);
    if (linked) {
      holder.href = first.url;
      holder.target = "_blank";
      holder.rel = "noopener noreferrer";
      holder.append(make("span", "hidden-text", " " + texts.newwindow));
    }
    const more = make("div", "from");
    item.append(holder, more);
    sheets.one(first.procedure, first.lang).then((s) => { if (s) tell(title, more, s); });
    if (basis) {
      const line = make("p", "basis", texts.basis + " "), said = make("bdi");
      said.dir = words.direction(basis, page.dir);
      words.fill(said, basis, said.dir);
      line.append(said);
      item.append(line);
    }
    const quotes = [...new Set(group.map((c) => c.quote).filter(Boolean))];
    if (quotes.length) item.append(quoted(quotes, first.lang));
    return item;
  }

  function tell(title, more, sheet) {
    title.textContent = sheet.title || sheet.id;
    title.lang = sheet.lang;
    if (sheet.administration) {
      const office = make("p");
      office.lang = sheet.lang;
      office.dir = sheet.lang === "ar" ? "rtl" : "ltr";
      words.fill(office, sheet.administration, office.dir);
      more.append(office);
    }
    if (sheet.updated) more.append(make("p", "date", texts.updated + " " + elements.date(sheet.updated)));
  }

  function quoted(quotes, lang) {
    const details = make("details");
    details.append(make("summary", "", texts.quote));
    for (const quote of quotes) {
      const element = make("blockquote");
      element.lang = lang;
      element.dir = lang === "ar" ? "rtl" : "ltr";
      words.fill(element, quote, element.dir);
      details.append(element);
    }
    return details;
  }

  return { box };
})();
