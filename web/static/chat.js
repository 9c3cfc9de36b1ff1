// The portal's conversation.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const { make, button, own, newID } = elements;
  const { say, sayLater, typing } = status;
  const log = $("log"), said = $("said"), form = $("composer"), question = $("question"), length = $("length");
  const MOST = 4000; // letters of a message
  const embedded = document.body.classList.contains("embedded");

  const talks = new Talks(newID);
  let memory; // the conversation shown
  let mine = new Map(); // client id → element of the person's message
  let settled = false; // what is added now is news
  const line = new Line({ state, stored, typing, answer, agent, failed });

  const keep = () => talks.save(memory);

  // ---- which conversation is shown

  /** Shows a conversation from its beginning. */
  function use(talk) {
    settled = false;
    memory = talk;
    mine = new Map();
    line.use(talk);
    log.replaceChildren();
    say("");
    show(talk.items.length > 0);
    talk.items.forEach(showItem);
    settled = true;
    if (!talk.items.length) return;
    scrollTo(0, document.body.scrollHeight);
    for (const item of talk.items) if (item.who === "mine" && !item.stored) line.ask(item.id, item.text);
    if (talk.conversation) line.start();
    if (waiting()) say(texts.waiting);
  }

  /** Whether an agent was called and has not answered yet. */
  function waiting() {
    const last = memory.items.filter((i) => i.who !== "mine").pop();
    return Boolean(last && last.result && last.result.status === "handed_off");
  }

  function show(talking) {
    document.body.classList.toggle("talking", talking);
    $("start").hidden = talking;
    $("fresh").hidden = !talking;
  }

  function begin() {
    use(talks.fresh());
    resumable();
    question.focus();
  }

  /** Offers the latest conversation of this device, where a new window has none. */
  function resumable() {
    const last = talks.list()[0], place = $("resume");
    place.hidden = !last;
    if (!last) return;
    const text = Past.title(last), one = button("link", "", "clock", () => { talks.open(last.id); use(talks.read(last.id)); });
    const dir = words.direction(text, page.dir), name = make("bdi");
    words.fill(name, text, dir);
    name.dir = dir;
    one.lastChild.append(texts.resume + " ", name);
    place.replaceChildren(one);
  }

  // ---- messages

  function append(element) {
    show(true);
    const old = log.querySelector(".next"), held = old && old.contains(document.activeElement);
    if (old) old.remove();
    log.append(element);
    if (held) { element.tabIndex = -1; element.focus({ preventScroll: true }); }
    if (settled) reveal(element);
  }

  /** Scrolls so that an answer's beginning is in sight, or the end of a short one. */
  function reveal(element) {
    const gap = form.offsetHeight + 24, top = element.getBoundingClientRect().top, height = element.offsetHeight;
    const room = innerHeight - gap;
    const by = height > room - 40 ? top - 40 : top + height - room;
    if (by > 0 || top < 0) scrollBy({ top: by, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** Lets a screen reader say a message: its text, without the buttons below it. */
  function tell(who, text, lang) {
    if (!settled) return;
    const element = make("p", "", who + " : " + text);
    element.lang = lang;
    said.replaceChildren(element);
  }

  function showMine(item) {
    const element = make("div", "message mine"), bubble = make("div", "bubble"), mark = make("span", "state");
    bubble.dir = words.direction(item.text, page.dir);
    bubble.lang = bubble.dir === "rtl" ? "ar" : "fr";
    words.fill(bubble, item.text, bubble.dir);
    element.append(own(make("span", "by", texts.you)), bubble, own(mark));
    mine.set(item.id, element);
    if (!item.stored) mark.textContent = texts.sending;
    append(element);
  }

  function showAnswer(item) {
    const result = item.result;
    if (!result.text) return;
    const at = memory.items.indexOf(item), asked = memory.items.slice(0, at).reverse().find((i) => i.who === "mine");
    const does = { ask, rate, browse };
    const element = answers.article(item, asked ? asked.text : "", does);
    append(element);
    const next = answers.next(result, does);
    if (next) log.append(next);
    if (result.notice && !memory.noticed && !log.querySelector(".notice")) log.append(notice(result));
    const more = result.choices.length ? " " + result.choices.length + " " + texts["count.choices"] : "";
    tell(texts.assistant, result.text + more, element.lang);
  }

  function showAgent(item) {
    const element = make("article", "message human");
    element.dir = words.direction(item.text, page.dir);
    element.lang = element.dir === "rtl" ? "ar" : "fr";
    const body = make("div", "body");
    body.append(words.block(item.text, element.dir));
    element.append(own(make("span", "by", texts.human)), body);
    append(element);
    tell(texts.human, item.text, element.lang);
  }

  function showItem(item) {
    if (item.who === "mine") showMine(item);
    else if (item.who === "agent") showAgent(item);
    else showAnswer(item);
  }

  function notice(result) {
    const box = make("div", "notice"), text = make("p"), head = own(make("strong", "", texts.notice));
    box.dir = words.direction(result.notice, page.dir);
    box.lang = words.tag(result.language);
    words.fill(text, result.notice, box.dir);
    box.append(head, text, own(button("link", texts["notice.close"], "", () => {
      box.remove();
      memory.noticed = true;
      keep();
      question.focus();
    })));
    return box;
  }

  // ---- what the line tells

  let current = "";
  function state(name) {
    if (name === current) return;
    current = name;
    say(name === "online" ? (waiting() ? texts.waiting : "") : texts["status." + name]);
  }

  function stored(id) {
    const item = memory.items.find((i) => i.id === id), element = mine.get(id);
    if (item) item.stored = true;
    if (element) {
      element.classList.remove("bad");
      element.querySelector(".state").replaceChildren();
    }
    sayLater(waiting() ? texts.waiting : texts.slow);
    keep();
  }

  function add(item) {
    memory.items.push(item);
    keep();
    showItem(item);
  }

  function answer(seq, result) {
    say(result.status === "handed_off" ? texts.waiting : "");
    add({ who: "assistant", seq, result });
  }

  function agent(seq, text) {
    say("");
    add({ who: "agent", seq, text });
  }

  /** Says what went wrong, in the page's language where the page has words for it. */
  function failed(code, message, id) {
    const item = memory.items.find((i) => i.id === id), element = mine.get(id);
    say(texts["error." + code] || message || texts["error.failed"]);
    if (code === "closing" || !item || !element || item.stored) return;
    const again = button("link", texts.retry, "", () => {
      element.classList.remove("bad");
      element.querySelector(".state").textContent = texts.sending;
      line.ask(id, item.text);
      question.focus();
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
    sayLater(texts["slow.send"]);
    line.ask(item.id, text);
  }

  function rate(item, useful) {
    if (!line.feedback(item.seq, useful)) return false;
    item.useful = useful;
    keep();
    return true;
  }

  function browse() {
    begin();
    const themes = $("themes");
    if (themes) themes.scrollIntoView();
  }

  function send(event) {
    event.preventDefault();
    const chosen = event.submitter && event.submitter.name === "choice" ? event.submitter : null;
    if (!chosen && excess() > 0) { question.focus(); return; }
    ask(chosen ? chosen.value : question.value);
    if (!chosen) question.value = "";
    typed();
    if (!chosen || chosen.id === "agent") question.focus();
  }

  const excess = () => question.value.trim().length - MOST;

  /** Keeps the field as high as its text, and says when that is too long. */
  function typed() {
    const over = excess(), text = over > 0 ? texts["length.over"] : over > -400 ? texts["length.left"] : "";
    length.textContent = text.replace("{n}", Math.abs(over));
    length.classList.toggle("bad", over > 0);
    question.setAttribute("aria-invalid", String(over > 0));
    if (CSS.supports("field-sizing", "content")) return;
    question.rows = Math.min(6, question.value.split("\n").length + Math.floor(question.value.length / 60));
  }

  document.addEventListener("submit", (event) => {
    if (event.target.matches("#composer, .questions")) send(event);
  });
  question.removeAttribute("maxlength"); // a paste that is too long is said, not cut
  question.addEventListener("input", typed);
  question.addEventListener("focus", () => line.start());
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (question.value.trim()) form.requestSubmit($("send"));
    }
  });
  $("fresh").addEventListener("click", begin);
  const refresh = $("refresh");
  if (refresh) refresh.hidden = true;

  // What is being written outlives a change of language.
  const DRAFT = "murshid.draft";
  addEventListener("pagehide", () => talks.session.setItem(DRAFT, question.value));
  question.value = talks.session.getItem(DRAFT) || "";
  typed();

  if (embedded) {
    const leave = $("leave"), close = () => parent.postMessage({ murshid: "close" }, "*");
    leave.hidden = parent === window;
    leave.addEventListener("click", close);
    addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("past").open) close(); });
    parent.postMessage({ murshid: "ready" }, "*"); // says no more than that the frame was let in
  }

  new Past(talks, (id) => { talks.open(id); use(talks.read(id)); }, () => use(talks.fresh()));

  const carried = form.elements.conversation.value; // the page was made for a browser without scripts
  const kept = talks.current();
  if (kept && (!carried || kept.conversation === carried)) use(kept);
  else use(talks.fresh(carried));
  if (carried && !(kept && kept.conversation === carried)) line.start();
  if (!memory.items.length) resumable();
})();
