// An answer of the assistant as the page shows it, made from the plain text and the citations of the result.
"use strict";

const answers = (() => {
  const { make, icon, button, own } = elements;
  const FIELDS = ["documents", "fee", "delay", "place", "online", "conditions", "steps", "validity", "amount", "contact", "legal"];
  const BULLET = /^\s*[-•–]\s+/, CHOICE = /^\s*\d{1,2}[.)]\s+/;
  // A label and its value: « Frais : 75 DH ». A label is short and does not end in a figure, as a time of day does.
  const LABEL = /^([^:]{1,46}[^:\d\s])\s?:(?:\s+(.*))?$/;

  const words4 = (result) => writings[result.language] || writings.fr;
  const rightToLeft = (language) => language === "ar" || language === "ary";
  const sheetLanguage = (language) => (rightToLeft(language) ? "ar" : "fr");
  const ofSheet = (result) => Boolean(result.procedure) && (result.status === "answered" || result.status === "partial");

  /**
   * The parts of an answer's text: { title, lead: [], facts: [{ label, unsure, values, list }], source, confirm }.
   * What is not recognised is a fact without a label, so nothing gets lost.
   */
  function parse(result) {
    const said = words4(result);
    const parts = { title: "", lead: [], facts: [], source: "", confirm: "" };
    const lines = result.text.split("\n").map((l) => l.trim()).filter(Boolean);
    if (result.status === "answered" && lines.length > 1 && !LABEL.test(lines[0]) && !BULLET.test(lines[0])) parts.title = lines.shift();
    for (const line of lines) {
      const last = parts.facts[parts.facts.length - 1], found = LABEL.exec(line);
      if (BULLET.test(line)) {
        if (last && last.list) last.values.push(line.replace(BULLET, ""));
        else parts.facts.push({ label: "", values: [line.replace(BULLET, "")], list: true });
      } else if (line === said.confirm) parts.confirm = line;
      else if (found && found[1] === said.source) parts.source = found[2] || "";
      else if (found) parts.facts.push(fact(found[1], found[2], said));
      else if (!parts.facts.length) parts.lead.push(line);
      else parts.facts.push({ label: "", values: [line] });
    }
    return parts;
  }

  function fact(label, value, said) {
    const unsure = label.endsWith(said.unsure);
    return { label: unsure ? label.slice(0, -said.unsure.length).trim() : label, unsure, values: value ? [value] : [], list: !value };
  }

  /** The whole answer. `does` has ask(text), rate(item, useful), browse(); `latest` says whether next steps are offered. */
  function article(item, question, does) {
    const result = item.result;
    const element = make("article", "message theirs");
    element.lang = words.tag(result.language);
    element.dir = rightToLeft(result.language) ? "rtl" : "ltr";
    element.tabIndex = -1;
    element.append(own(make("span", "by", texts.assistant)));
    const body = make("div", "body");
    element.append(body);
    const parts = ofSheet(result) ? parse(result) : null;
    if (parts) sheetBody(body, parts, result, element.dir);
    else if (result.choices.length) choiceBody(element, body, result, does);
    else body.append(words.block(result.text, element.dir));
    if (result.citations.length) body.append(sources.box(result.citations, parts ? parts.source : ""));
    if (parts) body.append(own(share.bar(element, question, result, parts.title)));
    if (item.seq && rated(result)) body.append(rating(item, does));
    if (parts) element.append(own(make("p", "printed")));
    return element;
  }

  const rated = (result) => !["small_talk", "handed_off", "clarification", "complaint_draft"].includes(result.status);

  // ---- the facts of a sheet

  function sheetBody(body, parts, result, dir) {
    body.append(understood(parts, result, dir));
    for (const line of parts.lead) body.append(paragraph(line, dir));
    const list = make("div", "facts");
    parts.facts.forEach((f, i) => list.append(row(f, dir, i === 0 && result.aspects.length > 0 && result.status === "answered")));
    if (parts.facts.length) body.append(list);
    if (parts.confirm) {
      const note = make("p", "confirm");
      note.append(icon("warn"));
      const text = make("span");
      words.fill(text, parts.confirm, dir);
      note.append(text);
      body.append(note);
    }
  }

  /** What was understood: the procedure and what of it. */
  function understood(parts, result, dir) {
    const head = make("div", "understood");
    const caption = own(make("p", "caption"));
    caption.append(texts.understood + " ");
    const asked = result.aspects.map((a) => texts["asked." + a]).filter(Boolean);
    const title = make("p", "title");
    if (parts.title) name(title, parts.title, dir);
    else sheets.one(result.procedure, sheetLanguage(result.language)).then((s) => { if (s) name(title, s.title, dir); });
    for (const a of asked) caption.append(make("span", "tag", a), " ");
    if (!asked.length) caption.textContent = texts.understood;
    head.append(caption, title);
    return head;
  }

  function name(element, title, dir) {
    const line = paragraph(title, dir);
    element.replaceChildren(...line.childNodes);
    if (line.dir) element.dir = line.dir;
  }

  function paragraph(text, dir) {
    const element = make("p"), line = words.lineDirection(text, dir);
    if (line !== dir) element.dir = line;
    words.fill(element, text, line);
    return element;
  }

  function row(f, dir, asked) {
    const element = make("div", asked ? "fact asked" : "fact");
    if (f.label) {
      const label = make("p", "label");
      words.fill(label, f.label, dir);
      if (f.unsure) label.append(" ", own(make("span", "badge", texts.unsure)));
      element.append(label);
    }
    const values = make(f.list ? "ul" : "div", "values");
    for (const v of f.values) {
      const line = paragraph(v, dir);
      if (!f.list) { values.append(line); continue; }
      const entry = make("li");
      entry.append(line);
      values.append(entry);
    }
    element.append(values);
    return element;
  }

  // ---- several procedures to choose from

  function choiceBody(element, body, result, does) {
    const lines = result.text.split("\n").filter((l) => l.trim());
    const numbered = lines.filter((l) => CHOICE.test(l)).map((l) => l.replace(CHOICE, ""));
    const named = numbered.length === result.choices.length;
    body.append(words.block((named ? lines.filter((l) => !CHOICE.test(l)) : lines).join("\n"), element.dir));
    const box = make("div", "choices");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", texts.choices);
    const buttons = result.choices.map((id, i) => {
      const one = make("button");
      one.type = "button";
      one.append(make("span", "number", String(i + 1)), label(named ? numbered[i] : id, element.dir));
      one.addEventListener("click", () => does.ask(one.lastChild.textContent));
      box.append(one);
      return one;
    });
    if (!named) {
      sheets.titles(result.choices, sheetLanguage(result.language)).then((found) => result.choices.forEach((id, i) => {
        if (found[id]) buttons[i].lastChild.replaceWith(label(found[id].title, element.dir));
      }));
    }
    body.append(box);
  }

  function label(text, dir) {
    const span = make("span"), line = words.lineDirection(text, dir);
    span.dir = line;
    words.fill(span, text, line);
    return span;
  }

  // ---- was it useful?

  function rating(item, does) {
    const box = own(make("div", "rate"));
    box.setAttribute("role", "group");
    const ask = make("span", "", texts.useful), said = make("span", "hint");
    ask.id = "rate-" + item.seq;
    box.setAttribute("aria-labelledby", ask.id);
    said.setAttribute("role", "status");
    const buttons = [true, false].map((useful) => {
      const one = button("", texts[useful ? "useful.yes" : "useful.no"], "", () => {
        if (!does.rate(item, useful)) { said.textContent = texts["useful.later"]; return; }
        buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(useful === (i === 0))));
        said.textContent = texts[useful ? "useful.thanks" : "useful.sorry"];
      });
      one.setAttribute("aria-pressed", String(item.useful === useful));
      return one;
    });
    box.append(ask, ...buttons, said);
    return box;
  }

  // ---- what to do next

  /** Buttons for the rest of the sheet, an agent, a complaint; null where nothing follows. */
  function next(result, does) {
    if (["handed_off", "complaint_draft", "small_talk", "privacy"].includes(result.status)) return null;
    const box = own(make("div", "next")), said = words4(result);
    box.setAttribute("role", "group");
    const title = texts[result.choices.length ? "none" : "next"], aspects = make("span", "aspects");
    box.setAttribute("aria-label", title);
    box.append(make("p", "label", title), aspects);
    if (ofSheet(result)) {
      sheets.one(result.procedure, sheetLanguage(result.language)).then((s) => { if (s) aspects.append(...others(result, s, said, does)); });
    } else box.append(button("chip", texts.browse, "star", does.browse));
    box.append(button("chip", texts.agent, "person", () => does.ask(said.agent)));
    if (!result.choices.length) box.append(button("chip", texts.complaint, "warn", () => does.ask(said.complaint)));
    return box;
  }

  /** What the sheet knows and the answer did not say. */
  function others(result, sheet, said, does) {
    const told = new Set(result.citations.map((c) => c.section));
    return FIELDS.filter((f) => sheet[f] && sheet[f].length && !told.has(f)).map((f) => {
      const text = said[f].replace("{title}", sheet.title || sheet.id);
      return button("chip", texts["asked." + f], "", () => does.ask(text));
    });
  }

  return { article, next };
})();
