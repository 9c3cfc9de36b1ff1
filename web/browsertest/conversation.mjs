// Asking and being answered.
import { please, check, same, visit, close, ask, questions, tags, conversation, login } from "./browser.mjs";

export const scenarios = {
  async "a question in each writing is answered in its language and direction"() {
    const page = await visit();
    for (const [language, text] of Object.entries(questions)) {
      const answer = await ask(page, text);
      same(await answer.getAttribute("lang"), tags[language], "lang after " + text);
      same(await answer.getAttribute("dir"), language === "ar" || language === "ary" ? "rtl" : "ltr", "dir after " + text);
      check((await answer.textContent()).includes("75"), "the fee is missing: " + (await answer.textContent()));
    }
    await close(page);
  },

  async "sources are shown with title, link and date"() {
    const page = await visit();
    const answer = await ask(page, questions.fr);
    const source = answer.locator(".sources a");
    await answer.locator(".sources .date").waitFor();
    same(await source.getAttribute("href"), "https://www.example.ma/cnie", "link");
    check((await source.textContent()).startsWith("Carte nationale (CNIE) – renouvellement"), "title: " + (await source.textContent()));
    check((await answer.locator(".sources .date").textContent()).includes("22 novembre 2026"), "date");
    await answer.locator(".sources summary").click();
    same(await answer.locator("blockquote").allTextContents(), ["L'ancienne carte ; 4 photos de moins de 6 mois", "75 DH"], "quotes");
    await close(page);
  },

  async "Latin runs and figures stand isolated in Arabic"() {
    const page = await visit("/?lang=ar");
    same(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["ar", "rtl"], "page");
    const answer = await ask(page, questions.ar);
    const runs = await answer.locator(".body bdi").evaluateAll((all) => all.map((b) => [b.dir, b.textContent]));
    for (const run of ["04-20", "2-20-521", "080 200 37 37", "CNIE.ma", "https://www.example.ma/rendez-vous", "75"]) {
      check(runs.some(([dir, text]) => dir === "ltr" && text === run), `${run} is not isolated: ${JSON.stringify(runs)}`);
    }
    const line = answer.locator(".facts p", { hasText: "Sûreté nationale" });
    check(await line.evaluate((p) => p.getAttribute("dir")) === "ltr", "a French line in an Arabic answer goes from left to right");
    // The phone number reads from left to right on the screen.
    const ends = await answer.locator(".body bdi", { hasText: "080 200 37 37" }).evaluate((b) => {
      const at = (from, to) => { const r = document.createRange(); r.setStart(b.firstChild, from); r.setEnd(b.firstChild, to); return r.getBoundingClientRect().left; };
      return [at(0, 3), at(11, 13)];
    });
    check(ends[0] < ends[1], "the number is turned round: " + ends);
    await close(page);
  },

  async "choices are offered by title and answer when pressed"() {
    const page = await visit();
    const answer = await ask(page, "passeport");
    const button = answer.locator(".choices button", { hasText: "Passeport biométrique – mineur" });
    await button.waitFor();
    await button.click();
    await page.locator(".mine", { hasText: "Passeport biométrique – mineur" }).waitFor();
    await page.locator(".theirs").nth(1).waitFor();
    await close(page);
  },

  async "an example is asked with one press"() {
    const page = await visit();
    await page.locator("#examples button[lang=ary]").click();
    same(await page.locator(".theirs").first().getAttribute("lang"), "ary", "lang");
    check(!(await page.locator("#examples").isVisible()), "the examples are still there");
    await close(page);
  },

  async "feedback can be given and is thanked for"() {
    const page = await visit();
    const answer = await ask(page, questions.fr);
    await answer.locator(".rate button").first().click();
    same(await answer.locator(".rate button").first().getAttribute("aria-pressed"), "true", "pressed");
    check((await answer.locator(".rate").textContent()).includes("Merci"), "no thanks");
    await close(page);
  },

  async "the privacy notice is shown once"() {
    const page = await visit();
    await ask(page, questions.fr);
    await page.locator(".notice button").click();
    check((await page.locator(".notice").count()) === 0, "the notice stays");
    await page.reload();
    await page.locator(".theirs").first().waitFor();
    check((await page.locator(".notice").count()) === 0, "the notice comes back");
    await close(page);
  },

  async "an agent is asked for and the reply arrives"() {
    const page = await visit();
    await ask(page, questions.fr);
    await page.locator("#agent").click();
    await page.locator(".theirs", { hasText: "transmise à un agent" }).waitFor();
    await please("reply", await conversation(page), "Bonjour, je suis là.");
    const reply = page.locator(".human");
    await reply.waitFor();
    check((await reply.textContent()).includes("Bonjour, je suis là."), "reply");
    await close(page);
  },

  async "the agent answers from the desk"() {
    const citizen = await visit("/?lang=ar");
    await ask(citizen, "أريد التحدث مع موظف");
    const agent = await visit("/desk?lang=fr");
    await login(agent, "fr");
    const id = await conversation(citizen);
    await agent.locator(`a[href="/desk/conversations/${id}"]`).click();
    await agent.locator("#text").fill("مرحبا، أنا هنا.\nLigne deux");
    await agent.locator("#reply button").click();
    await citizen.locator(".human", { hasText: "مرحبا" }).waitFor();
    await citizen.locator("#question").fill("شكرا");
    await citizen.locator("#send").click();
    await agent.locator(".transcript .theirs", { hasText: "شكرا" }).waitFor();
    await agent.locator("form[action*=resolve] button").click();
    await agent.waitForURL(/\/desk$/);
    check((await agent.locator(`a[href="/desk/conversations/${id}"]`).count()) === 0, "still waiting");
    await close(citizen);
    await close(agent);
  },

  async "the list at the desk renews itself"() {
    const agent = await visit("/desk?lang=fr");
    await login(agent, "fr");
    const before = await agent.locator("li.panel").count();
    const citizen = await visit();
    await ask(citizen, "un agent svp");
    await agent.locator("li.panel").nth(before).waitFor({ timeout: 15000 });
    await close(citizen);
    await close(agent);
  },

  async "a restarted server loses and doubles nothing"() {
    const page = await visit();
    await ask(page, questions.fr);
    const id = await conversation(page);
    await please("stop");
    await page.locator("#status", { hasText: "Connexion perdue" }).waitFor();
    await page.locator("#question").fill("Et pendant la panne ?");
    await page.locator("#send").click();
    await please("reply", id, "Réponse pendant la panne.");
    await please("start");
    await page.locator(".human", { hasText: "Réponse pendant la panne." }).waitFor({ timeout: 15000 });
    await page.waitForFunction(() => [...document.querySelectorAll(".mine .state")].every((s) => !s.textContent));
    await please("restart");
    await please("reply", id, "Et après.");
    await page.locator(".human", { hasText: "Et après." }).waitFor({ timeout: 15000 });
    same(await page.locator(".human").count(), 2, "agent's replies");
    same(await page.locator(".theirs").count(), 1, "answers");
    same(await page.locator(".mine").count(), 2, "own messages");
    await close(page);
  },

  async "a reloaded page shows the conversation again"() {
    const page = await visit();
    await ask(page, questions.fr);
    await ask(page, questions.ar);
    await page.reload();
    await page.locator(".theirs").nth(1).waitFor();
    await page.waitForTimeout(400);
    same([await page.locator(".mine").count(), await page.locator(".theirs").count()], [2, 2], "messages");
    await close(page);
  },

  async "it works where websockets are blocked"() {
    const page = await visit("/?lang=fr");
    await page.evaluate(() => { window.WebSocket = class { constructor() { throw new Error("blocked"); } }; });
    const answer = await ask(page, questions.fr);
    check((await answer.textContent()).includes("75 DH"), "no answer");
    await close(page);
  },

  async "it works without scripts"() {
    const page = await visit("/?lang=fr", { javaScriptEnabled: false });
    await page.locator("#question").fill(questions.fr);
    await page.locator("#send").click();
    check((await page.locator(".theirs").textContent()).includes("75 DH"), "no answer");
    check((await page.locator(".sources a").getAttribute("href")) === "https://www.example.ma/cnie", "no source");
    await page.locator("#question").fill("passeport");
    await page.locator("#send").click();
    await page.locator(".choices button").first().click();
    same(await page.locator(".mine").count(), 3, "own messages");
    await close(page);
  },
};
