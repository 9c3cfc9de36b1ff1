// The line to the service: a websocket that comes back by itself, or plain requests where that cannot be had.
"use strict";

/**
 * A Line sends questions and tells of answers. It calls the functions of `on`:
 *   state(name)                  connecting, online, offline, reconnecting, fallback
 *   stored(clientID, seq)        the question is safe
 *   typing()                     an answer is being made
 *   answer(seq, result)          seq is 0 without a websocket
 *   agent(seq, text)
 *   failed(code, message, clientID)
 */
class Line {
  constructor(on) {
    this.on = on;
    this.memory = { conversation: "", seen: 0 };
    this.unsent = new Map(); // client id → text
    this.tries = 0;
    this.everOpen = false;
    this.wanted = false;
    addEventListener("online", () => this.wanted && this.connect());
    addEventListener("offline", () => this.wanted && this.on.state("offline"));
  }

  /** Goes over to a conversation: { conversation, seen }, kept by the page. */
  use(memory) {
    this.memory = memory;
    this.unsent.clear();
    this.wanted = false;
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    if (socket) socket.close();
  }

  /** Connects, if that has not been done. */
  start() {
    if (!this.wanted) { this.wanted = true; this.connect(); }
  }

  connect() {
    clearTimeout(this.timer);
    if (this.plain) return;
    if (this.socket && this.socket.readyState < 2) {
      if (this.ready) this.on.state("online"); // it outlived the network's absence
      return;
    }
    if (navigator.onLine === false) { this.on.state("offline"); return; }
    this.on.state(this.everOpen ? "reconnecting" : "connecting");
    const address = new URL("/ws?v=1", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    let socket;
    try { socket = new WebSocket(address); } catch { this.fallBack(); return; }
    this.socket = socket;
    this.ready = false;
    socket.onopen = () => {
      this.everOpen = true;
      const hello = { type: "hello", seen: this.memory.seen || 0 };
      if (this.memory.conversation) hello.conversation = this.memory.conversation;
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = (event) => { if (socket === this.socket) this.receive(JSON.parse(event.data)); };
    socket.onclose = () => { if (socket === this.socket) this.lost(); };
  }

  lost() {
    this.socket = null;
    this.ready = false;
    this.tries++;
    if (!this.everOpen && this.tries >= 3 && navigator.onLine !== false) { this.fallBack(); return; }
    this.on.state(navigator.onLine === false ? "offline" : this.everOpen ? "reconnecting" : "connecting");
    const wait = Math.min(30000, 500 * 2 ** Math.min(this.tries, 6)) * (0.7 + 0.6 * Math.random());
    this.timer = setTimeout(() => this.connect(), wait);
  }

  receive(frame) {
    const memory = this.memory;
    switch (frame.type) {
      case "welcome":
        if (memory.conversation !== frame.conversation) memory.seen = 0;
        memory.conversation = frame.conversation;
        this.ready = true;
        this.tries = 0;
        this.on.state("online");
        for (const [id, text] of this.unsent) this.put(id, text);
        return;
      case "ack":
        this.unsent.delete(frame.client_id);
        memory.seen = Math.max(memory.seen || 0, frame.seq);
        this.on.stored(frame.client_id, frame.seq);
        return;
      case "typing":
        this.on.typing();
        return;
      case "answer":
      case "agent":
        if (frame.seq <= (memory.seen || 0)) return;
        memory.seen = frame.seq;
        if (frame.type === "answer") this.on.answer(frame.seq, frame.result);
        else this.on.agent(frame.seq, frame.text);
        return;
      case "error":
        // A conversation that is gone is followed by a welcome to a new one, which sends what waits.
        if (frame.code === "no_conversation") return;
        if (frame.code === "closing") { this.on.failed(frame.code, frame.message, frame.client_id); return; } // it is sent again
        if (frame.client_id) this.unsent.delete(frame.client_id);
        this.on.failed(frame.code, frame.message, frame.client_id);
    }
  }

  put(id, text) { this.socket.send(JSON.stringify({ type: "ask", client_id: id, text })); }

  /** Sends a question as soon as there is a line; sending the same id again does no harm. */
  ask(id, text) {
    this.unsent.set(id, text);
    if (this.plain) { this.post(id, text); return; }
    this.start();
    if (this.ready) this.put(id, text);
  }

  /** Says whether an answer was useful; it reports false where that cannot be said now. */
  feedback(seq, useful) {
    if (!this.ready) return false;
    this.socket.send(JSON.stringify({ type: "feedback", seq, useful }));
    return true;
  }

  fallBack() {
    this.plain = true;
    this.on.state("fallback");
    for (const [id, text] of this.unsent) this.post(id, text);
    setInterval(() => this.look(), 8000);
  }

  async post(id, text) {
    this.on.typing();
    const memory = this.memory, body = { text, channel: "web" };
    if (memory.conversation) body.conversation = memory.conversation;
    try {
      const said = await fetch("/api/v1/ask", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const result = await said.json();
      if (memory !== this.memory) return; // the page shows another conversation by now
      this.unsent.delete(id);
      if (!said.ok) {
        if (result.error.code === "no_conversation") memory.conversation = "";
        this.on.failed(result.error.code, result.error.message, id);
        return;
      }
      memory.conversation = result.conversation;
      this.on.stored(id, 0);
      this.on.answer(0, result);
    } catch {
      this.unsent.delete(id);
      if (memory === this.memory) this.on.failed("offline", "", id);
    }
  }

  /** Looks for an agent's replies. */
  async look() {
    const memory = this.memory;
    if (!memory.conversation || document.hidden) return;
    try {
      const body = JSON.stringify({ conversation: memory.conversation, after: memory.seen || 0 });
      const said = await fetch("/api/v1/messages", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (!said.ok) return;
      for (const m of (await said.json()).messages) {
        memory.seen = Math.max(memory.seen || 0, m.seq);
        if (m.type === "agent") this.on.agent(m.seq, m.text);
      }
    } catch { /* the next look may succeed */ }
  }
}
