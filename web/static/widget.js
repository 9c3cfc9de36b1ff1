// Puts the assistant on another site: <script src="https://HOST/widget.js" async></script>. Attributes of the tag:
// data-lang (fr or ar; else the page's own language) and data-side (start or end; else end).
"use strict";

(() => {
  const tag = document.currentScript;
  if (!tag || window.murshidWidget) return;
  window.murshidWidget = true;
  const home = new URL(tag.src).origin;
  const arabic = (tag.dataset.lang || document.documentElement.lang || "").toLowerCase().startsWith("ar");
  const text = arabic
    ? { open: "اسألوا الإدارة", close: "إغلاق المساعد", title: "مرشد، مساعد الإدارة العمومية", away: "فتح المساعد في نافذة جديدة", refused: "لا يمكن عرض المساعد في هذه الصفحة." }
    : { open: "Une démarche ? Demandez", close: "Fermer l'assistant", title: "Murshid, l'assistant de l'administration publique", away: "Ouvrir l'assistant dans une nouvelle fenêtre", refused: "L'assistant ne peut pas s'afficher sur cette page." };
  const WAIT = 10000; // ms for the frame to show itself

  const css = `
:host{all:initial;position:fixed;inset-block-end:max(1rem,env(safe-area-inset-bottom));z-index:2147483000;font:100%/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans Arabic","Noto Sans",Tahoma,sans-serif}
:host([data-side=end]){inset-inline-end:1rem}:host([data-side=start]){inset-inline-start:1rem}
*{box-sizing:border-box}
.open{display:inline-flex;align-items:center;gap:.6rem;min-height:52px;padding:.6rem 1.15rem;border:2px solid #fff;border-radius:2rem;background:#0b4f3c;color:#fff;font-weight:650;font-size:1rem;line-height:1.4;font-family:inherit;cursor:pointer;box-shadow:0 4px 18px #0005}
.open:hover{background:#083d2e}
.open:focus-visible,a:focus-visible{outline:3px solid #c2570c;outline-offset:2px}
.open svg{width:26px;height:26px;flex:none}
.panel{position:fixed;inset-block-end:max(1rem,env(safe-area-inset-bottom));width:min(26rem,calc(100vw - 2rem));height:min(44rem,calc(100vh - 2rem));height:min(44rem,calc(100dvh - 2rem));background:#f3f1ea;color:#1b2630;border-radius:1rem;overflow:hidden;box-shadow:0 8px 40px #0007;border:1px solid #8b8675}
:host([data-side=end]) .panel{inset-inline-end:1rem}:host([data-side=start]) .panel{inset-inline-start:1rem}
iframe{display:block;width:100%;height:100%;border:0;background:#f3f1ea}
.refused{padding:1.5rem}.refused a{color:#0b5a44;font-weight:650}
[hidden]{display:none!important}
@media (max-width:34rem),(max-height:26rem){.panel{inset:0!important;width:100%;height:100%;border-radius:0;border:0}}
@media (forced-colors:active){.open{border-color:ButtonText}}
@media print{:host{display:none}}`;

  const host = document.createElement("div");
  host.id = "murshid-widget";
  host.dir = arabic ? "rtl" : "ltr";
  host.lang = arabic ? "ar" : "fr";
  host.dataset.side = tag.dataset.side === "start" ? "start" : "end";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // works where the site's policy forbids styles in the page
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.className = "open";
  button.setAttribute("aria-expanded", "false");
  button.append(star(), text.open);
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", text.title);
  root.append(button, panel);

  let frame, timer;

  function star() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 32 32");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M16 1.5 20.2 5.8 26.3 5.7 26.2 11.8 30.5 16 26.2 20.2 26.3 26.3 20.2 26.2 16 30.5 11.8 26.2 5.7 26.3 5.8 20.2 1.5 16 5.8 11.8 5.7 5.7 11.8 5.8Z");
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "2.4");
    svg.append(path);
    return svg;
  }

  function load() {
    frame = document.createElement("iframe");
    frame.title = text.title;
    frame.allow = "clipboard-write";
    frame.src = home + "/widget?lang=" + (arabic ? "ar" : "fr");
    panel.append(frame);
    timer = setTimeout(refuse, WAIT);
  }

  /** A browser shows nothing where the site is not allowed to hold the frame: say so, and offer a window of its own. */
  function refuse() {
    const box = document.createElement("div"), link = document.createElement("a"), words = document.createElement("p"), close = document.createElement("button");
    box.className = "refused";
    words.textContent = text.refused;
    link.href = home + "/?lang=" + (arabic ? "ar" : "fr");
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = text.away;
    close.type = "button";
    close.className = "open";
    close.textContent = text.close;
    close.addEventListener("click", () => toggle(false));
    const last = document.createElement("p");
    last.append(close);
    box.append(words, link, last);
    frame.remove();
    panel.append(box);
    if (!panel.hidden) link.focus();
  }

  function toggle(open) {
    panel.hidden = !open;
    button.hidden = open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) { button.focus(); return; }
    if (!frame) load();
    if (frame.isConnected) frame.focus();
  }

  button.addEventListener("click", () => toggle(true));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) toggle(false); });
  addEventListener("message", (event) => {
    if (event.origin !== home || !frame || event.source !== frame.contentWindow || !event.data) return;
    if (event.data.murshid === "ready") clearTimeout(timer);
    if (event.data.murshid === "close") toggle(false);
  });

  const place = () => document.body.append(host);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
