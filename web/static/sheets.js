// What the service tells of its procedure sheets, asked for once.
"use strict";

const sheets = (() => {
  const asked = new Map(); // address → promise

  function load(address) {
    if (!asked.has(address)) {
      asked.set(address, fetch(address).then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status)))).catch((error) => {
        asked.delete(address);
        throw error;
      }));
    }
    return asked.get(address);
  }

  /** The sheet of a procedure in a language, or in another one; undefined where it cannot be had. */
  function one(procedure, lang) {
    return load("/api/v1/procedures/" + encodeURIComponent(procedure)).then((p) => p.sheets.find((s) => s.lang === lang) || p.sheets[0]).catch(() => undefined);
  }

  /** The titles of procedures by id: { id: { title, lang } }. */
  async function titles(ids, lang) {
    const query = new URLSearchParams(ids.map((id) => ["id", id]));
    const out = {};
    try {
      for (const p of (await load("/api/v1/procedures?" + query)).procedures) {
        const own = p.titles[lang] ? lang : Object.keys(p.titles)[0];
        if (own) out[p.id] = { title: p.titles[own], lang: own };
      }
    } catch { /* the ids stay; they work as well */ }
    return out;
  }

  /** The titles of all procedures of a theme. */
  async function theme(name, lang) {
    const query = new URLSearchParams({ lang, theme: name });
    return (await load("/api/v1/procedures?" + query)).procedures.map((p) => p.titles[lang] || Object.values(p.titles)[0]);
  }

  return { one, titles, theme };
})();
