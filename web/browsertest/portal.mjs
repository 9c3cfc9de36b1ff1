// The first page, what stands in and below an answer, what the device remembers, and what is said when things go wrong.
import { SITE, please, check, same, browser, visit, close, ask, questions, conversation } from "./browser.mjs";

const shown = (page) => page.evaluate(() => [document.querySelectorAll(".mine").length, document.querySelectorAll(".theirs").length]);

export const scenarios = {
  async "an answer shows what was understood, its facts and what is unsure"() {
    const page = await visit();
    const answer = await ask(page, questions.fr);
    same(await answer.locator(".understood .tag").allTextContents(), ["Documents"], "what was asked");
    same(await answer.locator(".understood .title").textContent(), "Carte nationale (CNIE) – renouvellement", "title");
    const labels = await answer.locator(".fact > .label").allTextContents();
    same(labels, ["Documents à fournir", "Frais", "Délai à confirmer", "En ligne", "Texte"], "labels");
    same(await answer.locator(".asked li").count(), 3, "documents, first and apart");
    same(await answer.locator(".badge").count(), 1, "badges");
    check((await answer.locator(".confirm").textContent()).includes("à confirmer"), "nothing says that it must be confirmed");
    check((await answer.locator(".basis").textContent()).includes("example.ma – carte nationale, 2026-02"), "basis");
    await close(page);
  },

  async "the next step is one press away"() {
    const page = await visit("/?lang=ar");
    await ask(page, questions.fr);
    const chip = page.locator(".next .chip", { hasText: "الأجل" });
    await chip.waitFor();
    await chip.click();
    await page.locator(".mine", { hasText: "Carte nationale (CNIE) – renouvellement : quel est le délai ?" }).waitFor();
    await page.locator(".theirs").nth(1).waitFor();
    same(await page.locator(".next").count(), 1, "only the last answer offers next steps");
    check(await page.evaluate(() => document.activeElement !== document.body), "the focus is lost");
    await page.locator(".next .chip", { hasText: "موظف" }).click();
    await page.locator(".theirs", { hasText: "transmise à un agent" }).waitFor();
    same(await page.locator(".next").count(), 0, "nothing follows a hand-over");
    await close(page);
  },

  async "an answer can be copied, printed and sent"() {
    const page = await visit("/?lang=fr", { permissions: ["clipboard-read", "clipboard-write"] });
    const answer = await ask(page, questions.fr);
    await answer.locator(".act", { hasText: "Copier" }).click();
    await answer.locator(".acts .hint", { hasText: "copiée" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    check(copied.includes(questions.fr) && copied.includes("75 DH"), "copied: " + copied);
    await answer.locator(".act", { hasText: "Envoyer" }).click();
    for (const [name, scheme] of [["Par e-mail", "mailto:?subject="], ["Par SMS", "sms:?&body="]]) {
      const href = await answer.locator(".way", { hasText: name }).getAttribute("href");
      check(href.startsWith(scheme) && decodeURIComponent(href).includes("75 DH"), name + ": " + href);
    }
    await ask(page, questions.ar);
    await page.evaluate(() => { window.print = () => {}; });
    await answer.locator(".act", { hasText: "Imprimer" }).click();
    await page.emulateMedia({ media: "print" });
    check(await answer.isVisible(), "the answer is not on paper");
    check(await answer.locator(".printed").isVisible(), "the day is not on paper");
    check(!(await page.locator(".theirs").nth(1).isVisible()), "the other answer is on paper");
    check(!(await page.locator("#composer").isVisible()), "the form is on paper");
    await close(page);
  },

  async "themes open and their procedures can be asked"() {
    const page = await visit("/?lang=fr");
    await page.locator(".theme", { hasText: "Passeport" }).click();
    const entry = page.locator("#theme button", { hasText: "Passeport biométrique – mineur" });
    await entry.waitFor();
    same(await page.locator("#theme button").count(), 2, "procedures");
    check(await page.evaluate(() => document.activeElement.id === "theme"), "the focus is not in the theme");
    await entry.click();
    await page.locator(".theirs").waitFor();
    check(!(await page.locator("#start").isVisible()), "the first page is still there");
    await close(page);
    const plain = await visit("/?lang=ar", { javaScriptEnabled: false });
    await plain.locator(".theme", { hasText: "جواز السفر" }).click();
    await plain.locator("#theme button").first().click();
    await plain.locator(".theirs").waitFor();
    await close(plain);
  },

  async "a frequent question is asked with one press"() {
    const page = await visit("/?lang=ar");
    await page.locator("#frequent-title + form button").first().click();
    same(await page.locator(".theirs").first().getAttribute("lang"), "ar", "lang");
    await close(page);
  },

  async "the language of the page changes and the conversation stays"() {
    const page = await visit("/?lang=fr");
    await ask(page, questions.fr);
    const id = await conversation(page);
    await page.locator("#question").fill("Et le délai");
    await page.locator(".bar nav a").click();
    await page.waitForURL(/lang=ar/);
    await page.locator(".theirs").first().waitFor();
    same(await page.evaluate(() => document.documentElement.dir), "rtl", "direction");
    same(await page.locator("#question").inputValue(), "Et le délai", "what was being written");
    same(await conversation(page), id, "conversation");
    check((await page.locator(".understood .caption").textContent()).includes("سؤالكم عن"), "the page's own words");
    await close(page);
    const plain = await visit("/?lang=fr", { javaScriptEnabled: false });
    await plain.locator("#question").fill(questions.fr);
    await plain.locator("#send").click();
    await plain.locator(".bar nav button").click();
    same(await plain.locator("html").getAttribute("dir"), "rtl", "direction without scripts");
    check((await plain.locator(".theirs").textContent()).includes("75 DH"), "the conversation is gone");
    await close(plain);
  },

  async "the device remembers conversations until they are erased"() {
    const page = await visit("/?lang=fr");
    await ask(page, questions.fr);
    await page.locator("#fresh").click();
    same(await shown(page), [0, 0], "a new conversation is empty");
    await ask(page, questions.ar);
    const other = await page.context().newPage();
    await other.goto(SITE + "/?lang=fr");
    same(await shown(other), [0, 0], "a new window begins anew");
    await other.locator("#resume button", { hasText: questions.ar }).waitFor();
    await other.locator("#past-open").click();
    same(await other.locator("#past-list .talk").count(), 2, "kept conversations");
    await other.locator("#past-list .talk", { hasText: questions.fr }).click();
    same(await shown(other), [1, 1], "the conversation is back");
    const again = await ask(other, "passeport");
    await again.locator(".choices button").first().waitFor();
    await other.locator("#past-open").click();
    await other.locator("#past-list .link").first().click();
    same(await other.locator("#past-list .talk").count(), 1, "one erased");
    await other.locator("#past-clear").click();
    same(await other.locator("#past-list .talk").count(), 0, "all erased");
    same(await other.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("murshid.talk")).length), 0, "what is left in the browser");
    same(await shown(other), [0, 0], "the page is empty too");
    await close(page);
  },

  async "who wants nothing kept is obeyed"() {
    const page = await visit("/?lang=fr");
    await ask(page, questions.fr);
    await page.locator("#past-open").click();
    await page.locator("#past-keep").uncheck();
    await page.locator("#past-close").click();
    await ask(page, questions.ar);
    same(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("murshid.talk")).length), 0, "kept");
    await page.reload();
    await page.locator(".theirs").nth(1).waitFor();
    const other = await page.context().newPage();
    await other.goto(SITE + "/?lang=fr");
    await other.locator("#past-open").click();
    same(await other.locator("#past-list .talk").count(), 0, "seen by another window");
    check(!(await other.locator("#past-keep").isChecked()), "the wish is forgotten");
    await close(page);
  },

  async "each difficulty has its own words"() {
    for (const [lang, words] of Object.entries({
      fr: { rate_limited: "beaucoup de messages", busy: "attendent déjà", failed: "erreur est survenue", closing: "redémarre" },
      ar: { rate_limited: "رسائل كثيرة", busy: "في انتظار الجواب", failed: "وقع خطأ", closing: "تعيد التشغيل" },
    })) for (const [code, text] of Object.entries(words)) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.routeWebSocket(/\/ws/, (socket) => socket.onMessage((data) => {
        const frame = JSON.parse(data);
        if (frame.type === "hello") socket.send(JSON.stringify({ type: "welcome", conversation: "c", seq: 0 }));
        if (frame.type === "ask") socket.send(JSON.stringify({ type: "error", code, message: "in another language", client_id: frame.client_id }));
      }));
      await page.goto(SITE + "/?lang=" + lang);
      await page.locator("#question").fill(questions.fr);
      await page.locator("#send").click();
      await page.locator("#status", { hasText: text }).waitFor({ timeout: 5000 });
      same(await page.locator(".mine .state button").count(), code === "closing" ? 0 : 1, code + ": to be sent again by hand");
      await context.close();
    }
  },

  async "what is too long is said, not cut"() {
    const page = await visit("/?lang=fr");
    await page.locator("#question").fill("é".repeat(4012));
    await page.locator("#length", { hasText: "trop long de 12 caractères" }).waitFor();
    await page.locator("#send").click();
    same(await shown(page), [0, 0], "it was sent");
    await page.locator("#question").fill("é".repeat(3990));
    await page.locator("#length", { hasText: "Encore 10" }).waitFor();
    await close(page);
  },

  async "a slow answer and a lost network are said"() {
    const page = await visit("/?lang=fr");
    await ask(page, "passeport");
    await please("hold");
    await page.locator("#question").fill(questions.fr);
    await page.locator("#send").click();
    await page.locator("#status", { hasText: "prépare la réponse" }).waitFor();
    await please("release");
    await page.locator(".theirs").nth(1).waitFor();
    await page.context().setOffline(true);
    await page.locator("#status", { hasText: "hors ligne" }).waitFor();
    await page.context().setOffline(false);
    await page.waitForFunction(() => !document.getElementById("status").textContent, null, { timeout: 15000 });
    await close(page);
  },

  async "a screen reader hears the answer's words, not its buttons"() {
    const page = await visit("/?lang=fr");
    await ask(page, questions.ar);
    const said = page.locator("#said p");
    check((await said.textContent()).includes("75 درهما"), "not said: " + (await said.textContent()));
    check(!(await said.textContent()).includes("Copier"), "buttons are said");
    same(await said.getAttribute("lang"), "ar", "language");
    await close(page);
  },
};
