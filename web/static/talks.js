// The conversations that this device remembers.
"use strict";

/**
 * Talks keeps each conversation under a key of its own, so that two windows do not overwrite each other's. This
 * window's conversation is named in its session. Where the person wants nothing kept, or the browser allows nothing,
 * a conversation lives as long as its window.
 */
class Talks {
  static KEPT = 20; // conversations
  static DAYS = 30;
  static MESSAGES = 200; // of one conversation
  static PREFIX = "murshid.talk.";

  constructor(newID) {
    this.newID = newID;
    this.local = Talks.usable("localStorage");
    this.session = Talks.usable("sessionStorage");
    this.sweep();
  }

  /** The browser's storage of a kind, or one that lasts as long as the page. */
  static usable(kind) {
    try {
      const storage = window[kind];
      storage.setItem("murshid.try", "1");
      storage.removeItem("murshid.try");
      return storage;
    } catch {
      const map = new Map();
      return { getItem: (k) => map.get(k) ?? null, setItem: (k, v) => map.set(k, v), removeItem: (k) => map.delete(k), key: (i) => [...map.keys()][i] ?? null, get length() { return map.size; } };
    }
  }

  get keeping() { return this.local.getItem("murshid.keep") !== "no"; }

  set keeping(wanted) {
    const current = this.current();
    if (wanted) this.local.removeItem("murshid.keep");
    else this.local.setItem("murshid.keep", "no");
    if (!wanted) this.clear(this.local);
    if (current && current.items.length) this.save(current);
  }

  get home() { return this.keeping ? this.local : this.session; }

  /** This window's conversation, null where it has none yet. */
  current() {
    const id = this.session.getItem("murshid");
    return id ? this.read(id) : null;
  }

  read(id) {
    for (const storage of [this.session, this.local]) {
      try {
        const talk = JSON.parse(storage.getItem(Talks.PREFIX + id));
        if (talk && Array.isArray(talk.items)) return talk;
      } catch { /* not ours, or damaged: as good as nothing */ }
    }
    return null;
  }

  /** A conversation without messages; it is kept from its first save on. */
  fresh(conversation = "") {
    const talk = { id: this.newID(), conversation, seen: 0, at: Date.now(), items: [] };
    this.session.setItem("murshid", talk.id);
    return talk;
  }

  open(id) { this.session.setItem("murshid", id); }

  save(talk) {
    talk.at = Date.now();
    talk.items = talk.items.slice(-Talks.MESSAGES);
    for (;;) {
      try {
        this.home.setItem(Talks.PREFIX + talk.id, JSON.stringify(talk));
        return;
      } catch {
        const oldest = this.list().filter((t) => t.id !== talk.id).pop();
        if (!oldest) return; // no room at all: the conversation lives in this page only
        this.remove(oldest.id);
      }
    }
  }

  /** All conversations with something in them, the latest first. */
  list() {
    const found = new Map();
    for (const storage of [this.local, this.session]) {
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        if (!key || !key.startsWith(Talks.PREFIX)) continue;
        const talk = this.read(key.slice(Talks.PREFIX.length));
        if (talk && talk.items.length) found.set(talk.id, talk);
      }
    }
    return [...found.values()].sort((a, b) => b.at - a.at);
  }

  remove(id) {
    for (const storage of [this.local, this.session]) storage.removeItem(Talks.PREFIX + id);
  }

  /** Forgets all conversations. */
  clear(...storages) {
    for (const storage of storages.length ? storages : [this.local, this.session]) {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i));
      for (const key of keys) if (key && key.startsWith(Talks.PREFIX)) storage.removeItem(key);
    }
  }

  /** Forgets what is too old or too much. */
  sweep() {
    const oldest = Date.now() - Talks.DAYS * 24 * 3600 * 1000;
    this.list().forEach((talk, i) => { if (i >= Talks.KEPT || talk.at < oldest) this.remove(talk.id); });
  }
}
