// The portal's conversation.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const texts = JSON.parse($("texts").textContent);
  const page = { lang: document.documentElement.lang, dir: document.documentElement.dir };
  const log = $("log"), status = $("status"), form = $("composer"), question = $("question");
  const KEY = "murshid";
  const KEPT = 200; // messages

  const memory = restore();
  const mine = new Map(); // client id → element of the person's message
  const line = new Line({ state, stored, typing, answer, agent, failed }, memory);

  // ---- what the page remembers until its window is closed

  function restore() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEY)); } catch { /* nothing usable is kept */ }
    const carried = form.elements.conversation.value; // the page was made for a browser without scripts
    if (carried && (!kept || kept.conversation !== carried)) return { conversation: carried, seen: 0, items: [] };
    return kept && Array.isArray(kept.items) ? kept : { conversation: "", seen: 0, items: [] };
  }

  function keep() {
    memory.items = memory.items.slice(-KEPT);
    try { sessionStorage.setItem(KEY, JSON.stringify(memory)); } catch { /* private windows may refuse */ }
  }

  // ---- small tools

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function newID() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  function show(element) {
    document.body.classList.add("talking");
    $("examples").hidden = true;
    $("fresh").hidden = false;
    log.append(element);
    if (settled) reveal(element);
  }

  /** Scrolls so that an answer's beginning is in sight, or the end of a short one. */
  function reveal(element) {
    const gap = form.offsetHeight + 24, top = element.getBoundingClientRect().top, height = element.offsetHeight;
    const room = innerHeight - gap;
    const by = height > room - 40 ? top - 40 : top + height - room;
    if (by > 0 || top < 0) scrollBy({ top: by, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  function by(text) {
    const element = make("span", "by", text);
    element.lang = page.lang;
    element.dir = page.dir;
    return element;
  }

  // ---- messages

  function showMine(item) {
    const element = make("div", "message mine");
    const dir = words.direction(item.text, page.dir);
    const bubble = make("div", "bubble");
    bubble.dir = dir;
    bubble.lang = dir === "rtl" ? "ar" : "fr";
    words.fill(bubble, item.text, dir);
    const mark = make("span", "state");
    element.append(by(texts.you), bubble, mark);
    mine.set(item.id, element);
    if (!item.stored) mark.textContent = texts.sending;
    show(element);
  }

  function showAnswer(item) {
    const result = item.result;
    if (!result.text) return;
    const element = make("article", "message theirs");
    element.lang = words.tag(result.language);
    element.dir = result.language === "ar" || result.language === "ary" ? "rtl" : "ltr";
    const body = make("div", "body");
    body.append(words.block(result.text, element.dir));
    element.append(by(texts.assistant), body);
    if (result.citations.length) element.append(sources(result.citations));
    if (result.choices.length) element.append(choices(result));
    if (result.notice && !memory.noticed) element.append(notice(result));
    if (item.seq && !["small_talk", "handed_off", "clarification"].includes(result.status)) element.append(rating(item));
    show(element);
  }

  function showAgent(item) {
    const element = make("article", "message human");
    element.dir = words.direction(item.text, page.dir);
    element.lang = element.dir === "rtl" ? "ar" : "fr";
    const body = make("div", "body");
    body.append(words.block(item.text, element.dir));
    element.append(by(texts.human), body);
    show(element);
  }

  function showItem(item) {
    if (item.who === "mine") showMine(item);
    else if (item.who === "agent") showAgent(item);
    else showAnswer(item);
  }

  // ---- what stands below an answer

  const sheets = new Map(); // procedure id → promise of its sheets
  function sheet(procedure, lang) {
    if (!sheets.has(procedure)) {
      sheets.set(procedure, fetch("/api/v1/procedures/" + encodeURIComponent(procedure)).then((r) => (r.ok ? r.json() : { sheets: [] })).catch(() => ({ sheets: [] })));
    }
    return sheets.get(procedure).then((p) => p.sheets.find((s) => s.lang === lang) || p.sheets[0]);
  }

  function sources(citations) {
    const box = make("div", "sources");
    box.lang = page.lang;
    box.dir = page.dir;
    const list = make("ul");
    box.append(make("p", "label", texts.sources), list);
    const grouped = new Map();
    for (const c of citations) {
      const key = c.procedure + " " + c.lang;
      if (!grouped.has(key)) grouped.set(key, []);
      grouped.get(key).push(c);
    }
    for (const group of grouped.values()) list.append(cited(group));
    return box;
  }

  /** One cited sheet: its title, where it comes from, of when it is, and the words cited. */
  function cited(group) {
    const first = group[0], item = make("li");
    const name = document.createElement("bdi");
    name.lang = first.lang;
    name.textContent = first.procedure;
    const holder = first.url && /^https?:/.test(first.url) ? make("a") : make("span");
    if (holder.localName === "a") {
      holder.href = first.url;
      holder.target = "_blank";
      holder.rel = "noopener noreferrer";
    }
    holder.append(name);
    if (holder.localName === "a") holder.append(make("span", "hidden-text", " " + texts.newwindow));
    item.append(holder);
    sheet(first.procedure, first.lang).then((s) => {
      if (!s) return;
      name.textContent = s.title || first.procedure;
      name.lang = s.lang;
      if (s.administration) item.insertBefore(from(s), item.querySelector("details"));
      if (s.updated) item.insertBefore(make("span", "date", " – " + texts.updated + " " + date(s.updated)), item.querySelector("details"));
    });
    const quotes = [...new Set(group.map((c) => c.quote).filter(Boolean))];
    if (quotes.length) item.append(quoted(quotes, first.lang));
    return item;
  }

  function from(s) {
    const span = make("span", "from", " – ");
    const bdi = make("bdi", "", s.administration);
    bdi.lang = s.lang;
    span.append(bdi);
    return span;
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

  function date(text) {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!found) return text;
    const format = new Intl.DateTimeFormat(page.lang === "ar" ? "ar-MA-u-nu-latn-ca-gregory" : "fr-MA", { dateStyle: "long" });
    return format.format(new Date(found[1], found[2] - 1, found[3]));
  }

  function choices(result) {
    const box = make("div", "choices");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", texts.choices);
    const lang = result.language === "ar" || result.language === "ary" ? "ar" : "fr";
    const buttons = result.choices.map((id) => {
      const button = make("button");
      button.type = "button";
      button.append(make("bdi", "", id));
      button.dataset.id = id;
      button.addEventListener("click", () => ask(button.textContent));
      box.append(button);
      return button;
    });
    const query = new URLSearchParams(result.choices.map((id) => ["id", id]));
    fetch("/api/v1/procedures?" + query).then((r) => r.json()).then((found) => {
      for (const p of found.procedures) {
        const button = buttons.find((b) => b.dataset.id === p.id);
        const own = p.titles[lang] ? lang : Object.keys(p.titles)[0];
        if (!button || !own) continue;
        button.lang = own;
        button.firstChild.textContent = p.titles[own];
      }
    }).catch(() => { /* the ids stay; they work as well */ });
    return box;
  }

  function notice(result) {
    const box = make("div", "notice");
    const button = make("button", "link", texts["notice.close"]);
    button.type = "button";
    button.lang = page.lang;
    button.addEventListener("click", () => {
      box.remove();
      memory.noticed = true;
      keep();
      question.focus();
    });
    const text = make("p");
    words.fill(text, result.notice, words.direction(result.notice, page.dir));
    const head = make("strong", "", texts.notice);
    head.lang = page.lang;
    box.append(head, text, button);
    return box;
  }

  function rating(item) {
    const box = make("div", "rate");
    box.lang = page.lang;
    box.dir = page.dir;
    box.setAttribute("role", "group");
    const ask = make("span", "", texts.useful);
    ask.id = "rate-" + item.seq;
    box.setAttribute("aria-labelledby", ask.id);
    const thanks = make("span");
    thanks.setAttribute("role", "status");
    const buttons = [true, false].map((useful) => {
      const button = make("button", "", useful ? texts["useful.yes"] : texts["useful.no"]);
      button.type = "button";
      button.setAttribute("aria-pressed", String(item.useful === useful));
      button.addEventListener("click", () => {
        if (!line.feedback(item.seq, useful)) return;
        item.useful = useful;
        keep();
        for (const [i, b] of buttons.entries()) b.setAttribute("aria-pressed", String(useful === (i === 0)));
        thanks.textContent = texts["useful.thanks"];
      });
      return button;
    });
    box.append(ask, ...buttons, thanks);
    return box;
  }

  // ---- what the line tells

  let typingTimer, current = "";
  function state(name) {
    if (name === current) return;
    current = name;
    say(name === "online" ? "" : texts["status." + name]);
  }

  function say(text) {
    clearTimeout(typingTimer);
    status.replaceChildren(text || "");
  }

  function typing() {
    const dots = make("span", "dots");
    dots.setAttribute("aria-hidden", "true");
    dots.append(make("i"), make("i"), make("i"));
    status.replaceChildren(dots, texts.typing);
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => say(""), 12000);
  }

  function stored(id) {
    const item = memory.items.find((i) => i.id === id), element = mine.get(id);
    if (item) item.stored = true;
    if (element) {
      element.classList.remove("bad");
      element.querySelector(".state").replaceChildren();
    }
    keep();
  }

  function add(item) {
    memory.items.push(item);
    keep();
    showItem(item);
  }

  function answer(seq, result) {
    add({ who: "assistant", seq, result });
    say(result.status === "handed_off" ? texts.waiting : "");
  }

  function agent(seq, text) {
    say("");
    add({ who: "agent", seq, text });
  }

  function failed(code, message, id) {
    const item = memory.items.find((i) => i.id === id), element = mine.get(id);
    say(message);
    if (!item || !element || item.stored) return;
    const again = make("button", "link", texts.retry);
    again.type = "button";
    again.addEventListener("click", () => {
      element.classList.remove("bad");
      element.querySelector(".state").textContent = texts.sending;
      line.ask(id, item.text);
    });
    element.classList.add("bad");
    element.querySelector(".state").replaceChildren(texts.failed + " ", again);
  }

  // ---- what the person does

  function ask(text) {
    text = text.trim();
    if (!text) return;
    const item = { who: "mine", id: newID(), text };
    add(item);
    line.ask(item.id, text);
  }

  function send(event) {
    event.preventDefault();
    const button = event.submitter;
    ask(button && button.name === "choice" ? button.value : question.value);
    if (!button || button.name !== "choice") question.value = "";
    grow();
    question.focus();
  }

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    question.rows = Math.min(6, question.value.split("\n").length + Math.floor(question.value.length / 60));
  }

  form.addEventListener("submit", send);
  $("examples").querySelector("form").addEventListener("submit", send);
  question.addEventListener("input", grow);
  question.addEventListener("focus", () => line.start());
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (question.value.trim()) form.requestSubmit($("send"));
    }
  });
  $("fresh").addEventListener("click", () => {
    if (!confirm(texts["new.confirm"])) return;
    try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ }
    location.assign("/");
  });
  const refresh = $("refresh");
  if (refresh) refresh.hidden = true;

  let settled = false;
  log.replaceChildren();
  memory.items.forEach(showItem);
  settled = true;
  if (memory.items.length) scrollTo(0, document.body.scrollHeight);
  for (const item of memory.items) if (item.who === "mine" && !item.stored) line.ask(item.id, item.text);
  if (memory.conversation) line.start();
})();
