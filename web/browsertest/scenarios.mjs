// The browser's side of TestBrowser: prints a line of JSON for each scenario, and asks the Go side for what a
// browser cannot do.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const { MODULES, CHROMIUM, SITE, AGENT, PASSWORD, SCREENSHOTS, ONLY } = process.env;
const require = createRequire(join(MODULES, "here.js"));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");
async function please(what, ...words) {
  say({ do: what, words });
  return (await answers.next()).value;
}

function check(fact, what) { if (!fact) throw new Error(what); }
function same(got, want, what) {
  check(JSON.stringify(got) === JSON.stringify(want), `${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A fresh visitor's page; whatever goes wrong in it is an error of the scenario. */
async function visit(path = "/?lang=fr", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (m) => { if (/Content.Security.Policy|Refused to/.test(m.text())) page.faults.push(m.text()); });
  await page.goto(SITE + path);
  return page;
}

async function close(page) {
  const faults = page.faults;
  await page.context().close();
  same(faults, [], "faults of the page");
}

async function ask(page, text) {
  const before = await page.locator(".theirs").count();
  await page.locator("#question").fill(text);
  await page.locator("#send").click();
  await page.locator(".theirs").nth(before).waitFor();
  return page.locator(".theirs").nth(before);
}

const questions = {
  fr: "Quels papiers pour renouveler la carte nationale ?",
  ar: "ما هي الوثائق المطلوبة لتجديد البطاقة الوطنية؟",
  ary: "شنو خاصني باش نجدد لاكارط؟",
  arabizi: "chno khassni bach njedded la carte nationale?",
};
const tags = { fr: "fr", ar: "ar", ary: "ary", arabizi: "ary-Latn" };

const conversation = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("murshid")).conversation);
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function violations(page, latin) {
  if (latin) {
    await page.evaluate(() => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walk.nextNode()) if (/[\u0600-\u06ff]/.test(walk.currentNode.data)) found.push(walk.currentNode);
      for (const text of found) text.data = "Texte";
    });
  }
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message || "")).join(" | ")}`);
}

async function login(page, lang) {
  await page.goto(SITE + "/desk?lang=" + lang);
  if (!page.url().includes("/desk/login")) return;
  await page.locator("#name").fill(AGENT);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("form.fields button").click();
  await page.waitForURL(/\/desk$/);
}

/** A conversation with everything in it. */
async function talk(page, lang) {
  await ask(page, questions.fr);
  await ask(page, questions.ar);
  await ask(page, "passeport");
  await ask(page, lang === "ar" ? "أريد التحدث مع موظف" : "un agent svp");
  await please("reply", await conversation(page), "Bonjour, dossier 52-05.");
  await page.locator(".human").waitFor();
  await page.waitForTimeout(200);
}

const scenarios = {
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
    await answer.locator("summary").click();
    same(await answer.locator("blockquote").allTextContents(), ["L'ancienne carte ; 4 photos de moins de 6 mois", "75 DH"], "quotes");
    await close(page);
  },

  async "Latin runs and figures stand isolated in Arabic"() {
    const page = await visit("/?lang=ar");
    same(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["ar", "rtl"], "page");
    const answer = await ask(page, questions.ar);
    const runs = await answer.locator(".text bdi").evaluateAll((all) => all.map((b) => [b.dir, b.textContent]));
    for (const run of ["04-20", "2-20-521", "080 200 37 37", "CNIE.ma", "https://www.example.ma/rendez-vous", "75"]) {
      check(runs.some(([dir, text]) => dir === "ltr" && text === run), `${run} is not isolated: ${JSON.stringify(runs)}`);
    }
    const line = answer.locator(".text > p", { hasText: "Sûreté nationale" });
    check(await line.evaluate((p) => p.getAttribute("dir")) === "ltr", "a French line in an Arabic answer goes from left to right");
    // The phone number reads from left to right on the screen.
    const ends = await answer.locator(".text bdi", { hasText: "080 200 37 37" }).evaluate((b) => {
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
    await page.locator("#examples button[lang=ar]").click();
    same(await page.locator(".theirs").first().getAttribute("lang"), "ar", "lang");
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
    const answer = await ask(page, questions.fr);
    await answer.locator(".notice button").click();
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
    await page.locator("#status").waitFor();
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

  async "the keyboard is enough"() {
    const page = await visit();
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.className), "skip", "first stop");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash === "#question");
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.id)) !== "send") await page.locator("#question").focus();
    await page.locator("#question").focus();
    await page.keyboard.type("passeport");
    await page.keyboard.press("Enter");
    await page.locator(".choices button").first().waitFor();
    for (let i = 0; i < 40 && !(await page.evaluate(() => document.activeElement.closest(".choices"))); i++) await page.keyboard.press("Shift+Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    same(outline, "solid", "focus is visible");
    await page.keyboard.press("Enter");
    await page.locator(".theirs").nth(1).waitFor();
    await page.locator("#question").focus();
    await page.keyboard.type("une ligne");
    await page.keyboard.press("Shift+Enter");
    same(await page.locator("#question").inputValue(), "une ligne\n", "Shift+Enter is a line break");
    await close(page);
  },

  async "no page scrolls sideways at 320 pixels"() {
    for (const lang of ["fr", "ar"]) {
      const page = await visit("/?lang=" + lang, { viewport: { width: 320, height: 640 } });
      await ask(page, questions.fr);
      await ask(page, questions.ar);
      await ask(page, "https://www.example.ma/" + "x".repeat(300));
      same(await overflow(page), 0, "portal in " + lang);
      await login(page, lang);
      same(await overflow(page), 0, "desk in " + lang);
      await page.goto(SITE + "/desk/conversations/" + (await please("waiting")) + "?lang=" + lang);
      same(await overflow(page), 0, "conversation in " + lang);
      await close(page);
    }
  },

  async "text can be four times as large"() {
    const page = await visit("/?lang=fr", { viewport: { width: 320, height: 225 }, deviceScaleFactor: 4 });
    await ask(page, questions.fr);
    same(await overflow(page), 0, "overflow");
    const covered = await page.evaluate(() => getComputedStyle(document.getElementById("composer")).position);
    same(covered, "static", "the form does not cover the page");
    await close(page);
  },

  async "the first visit weighs less than 100 kB"() {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    const hosts = new Set();
    session.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
    page.on("request", (r) => hosts.add(new URL(r.url()).host));
    await page.goto(SITE + "/", { waitUntil: "networkidle" });
    check(bytes > 1000 && bytes < 100_000, bytes + " bytes");
    same([...hosts], [new URL(SITE).host], "hosts");
    await context.close();
  },

  async "axe finds nothing"() {
    for (const lang of ["fr", "ar"]) {
      const page = await visit("/?lang=" + lang, { reducedMotion: "reduce" });
      same(await violations(page, false), [], `empty portal ${lang}`);
      await talk(page, lang);
      same(await violations(page, false), [], `portal ${lang}`);
      same(await violations(page, true), [], `portal ${lang}, Latin`);
      await page.goto(SITE + "/desk/login?lang=" + lang);
      same(await violations(page, false), [], `login ${lang}`);
      await login(page, lang);
      same(await violations(page, false), [], `desk ${lang}`);
      same(await violations(page, true), [], `desk ${lang}, Latin`);
      await page.goto(SITE + "/desk/conversations/" + (await please("waiting")) + "?lang=" + lang);
      same(await violations(page, false), [], `conversation ${lang}`);
      same(await violations(page, true), [], `conversation ${lang}, Latin`);
      await page.goto(SITE + "/nothing?lang=" + lang);
      same(await violations(page, false), [], `error ${lang}`);
      await close(page);
    }
  },

  async "axe finds nothing in the dark"() {
    const page = await visit("/?lang=ar", { reducedMotion: "reduce", colorScheme: "dark" });
    await talk(page, "ar");
    same(await violations(page, true), [], "portal");
    await login(page, "ar");
    same(await violations(page, true), [], "desk");
    await page.goto(SITE + "/desk/conversations/" + (await please("waiting")) + "?lang=ar");
    same(await violations(page, true), [], "conversation");
    await close(page);
  },
};

async function pictures() {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const lang of ["fr", "ar"]) for (const width of [360, 1280]) for (const colorScheme of ["light", "dark"]) {
    const page = await visit("/?lang=" + lang, { viewport: { width, height: width === 360 ? 740 : 860 }, colorScheme, reducedMotion: "reduce", deviceScaleFactor: width === 360 ? 2 : 1 });
    const shot = (name, fullPage = true) => page.screenshot({ path: join(SCREENSHOTS, `${name}-${lang}-${width}-${colorScheme}.png`), fullPage });
    await shot("start", false);
    await ask(page, questions[lang]);
    await page.locator(".sources .date").first().waitFor();
    await shot("answer", false);
    await ask(page, lang === "fr" ? questions.ar : questions.arabizi);
    await ask(page, lang === "fr" ? "passeport" : "جواز السفر");
    await ask(page, lang === "fr" ? "Je voudrais parler à un agent" : "أريد التحدث مع موظف");
    await please("reply", await conversation(page), lang === "fr" ? "Bonjour, votre dossier 52-05 est prêt." : "مرحبا، ملفكم رقم 52-05 جاهز عند CNIE.ma.");
    await page.locator(".human").waitFor();
    await page.waitForTimeout(200);
    await shot("talk");
    await page.goto(SITE + "/desk/login?lang=" + lang);
    await shot("login", false);
    await login(page, lang);
    await shot("desk", false);
    await page.goto(SITE + "/desk/conversations/" + (await please("waiting")) + "?lang=" + lang);
    await shot("conversation");
    await page.context().close();
  }
}

for (const [name, run] of Object.entries(scenarios)) {
  if (ONLY && !name.includes(ONLY)) continue;
  try {
    await run();
    say({ name });
  } catch (error) {
    say({ name, error: String(error.message || error).slice(0, 1500) });
  }
}
if (SCREENSHOTS) await pictures();
await browser.close();
process.exit(0);
