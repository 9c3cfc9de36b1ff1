// Keeps a page of the desk up to date while it is open.
"use strict";

(() => {
  const live = document.getElementById("live");
  if (!live) return;
  const news = document.getElementById("news");

  async function look() {
    if (document.hidden) return;
    try {
      const said = await fetch(live.dataset.from, { headers: { "X-Requested-With": "fetch" } });
      if (said.status === 401) { location.reload(); return; }
      if (!said.ok) return;
      const fresh = new DOMParser().parseFromString("<div id=fresh>" + await said.text() + "</div>", "text/html").getElementById("fresh");
      if (fresh.innerHTML === live.innerHTML) return;
      if (live.contains(document.activeElement) && document.activeElement !== live) return; // do not take the focus away
      live.replaceChildren(...fresh.childNodes);
      if (news) {
        news.textContent = news.dataset.text;
        const waiting = live.querySelectorAll("li.panel").length;
        document.title = document.title.replace(/^\(\d+\) /, "");
        if (waiting) document.title = "(" + waiting + ") " + document.title;
      }
    } catch { /* the next look may succeed */ }
  }

  setInterval(look, Number(live.dataset.every) * 1000);

  const reply = document.getElementById("reply");
  if (reply) {
    const text = reply.elements.text;
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); reply.requestSubmit(); }
    });
  }
})();
