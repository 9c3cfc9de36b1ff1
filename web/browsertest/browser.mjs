// What the scenarios share: the browser, a visitor's page, and the Go side, which is asked for what a browser cannot do.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

export const { MODULES, CHROMIUM, SITE, AGENT, PASSWORD, SCREENSHOTS, ONLY } = process.env;
const require = createRequire(join(MODULES, "here.js"));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");
export async function please(what, ...words) {
  say({ do: what, words });
  return (await answers.next()).value;
}

export function check(fact, what) { if (!fact) throw new Error(what); }
export function same(got, want, what) {
  check(JSON.stringify(got) === JSON.stringify(want), `${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

export const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A fresh visitor's page; whatever goes wrong in it is an error of the scenario. */
export async function visit(path = "/?lang=fr", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (m) => { if (/Content.Security.Policy|Refused to/.test(m.text())) page.faults.push(m.text()); });
  await page.goto(SITE + path);
  return page;
}

export async function close(page) {
  const faults = page.faults;
  await page.context().close();
  same(faults, [], "faults of the page");
}

export async function ask(page, text) {
  const before = await page.locator(".theirs").count();
  await page.locator("#question").fill(text);
  await page.locator("#send").click();
  await page.locator(".theirs").nth(before).waitFor();
  return page.locator(".theirs").nth(before);
}

export const questions = {
  fr: "Quels papiers pour renouveler la carte nationale ?",
  ar: "ما هي الوثائق المطلوبة لتجديد البطاقة الوطنية؟",
  ary: "شنو خاصني باش نجدد لاكارط؟",
  arabizi: "chno khassni bach njedded la carte nationale?",
};
export const tags = { fr: "fr", ar: "ar", ary: "ary", arabizi: "ary-Latn" };

export const conversation = (page) => page.evaluate(() => {
  const key = "murshid.talk." + sessionStorage.getItem("murshid");
  return JSON.parse(localStorage.getItem(key) || sessionStorage.getItem(key)).conversation;
});
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export async function violations(page, latin) {
  if (latin) {
    await page.evaluate(() => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walk.nextNode()) if (/[\u0600-\u06ff]/.test(walk.currentNode.data)) found.push(walk.currentNode);
      found.forEach((text, i) => { text.data = "Texte " + i; }); // different words: landmarks must not share a name
    });
  }
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message || "")).join(" | ")}`);
}

export async function login(page, lang) {
  await page.goto(SITE + "/desk?lang=" + lang);
  if (!page.url().includes("/desk/login")) return;
  await page.locator("#name").fill(AGENT);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("form.fields button").click();
  await page.waitForURL(/\/desk$/);
}

/** A conversation with everything in it. */
export async function talk(page, lang) {
  await ask(page, questions.fr);
  await ask(page, questions.ar);
  await ask(page, "passeport");
  await ask(page, lang === "ar" ? "أريد التحدث مع موظف" : "un agent svp");
  await please("reply", await conversation(page), "Bonjour, dossier 52-05.");
  await page.locator(".human").waitFor();
  await page.waitForTimeout(200);
}
