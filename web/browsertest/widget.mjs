// The widget on another site's page: as localhost that site is allowed, as 127.0.0.1 it is not.
import { SITE, please, check, same, browser, questions, violations } from "./browser.mjs";

async function host(name, lang, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(`http://${name}:${await please("host")}/?lang=${lang}`);
  await page.locator("#murshid-widget .open").waitFor();
  return page;
}

/** What a page of this origin gets when it opens our websocket itself. */
const socket = (page) => page.evaluate((address) => new Promise((done) => {
  const s = new WebSocket(address);
  s.onopen = () => done("open");
  s.onerror = () => done("refused");
}), SITE.replace("http", "ws") + "/ws?v=1");

export const scenarios = {
  async "the widget answers on an allowed site"() {
    for (const lang of ["fr", "ar"]) {
      const page = await host("localhost", lang);
      await page.locator("#murshid-widget .open").click();
      const frame = page.frameLocator("#murshid-widget iframe");
      await frame.locator("#question").fill(questions[lang]);
      await frame.locator("#send").click();
      await frame.locator(".theirs").waitFor();
      check((await frame.locator(".theirs").textContent()).includes("75"), "no answer");
      same(await frame.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr", "direction");
      const inside = page.frames().find((f) => f.url().includes("/widget"));
      same(await violations(inside, true), [], "axe in the frame, " + lang);
      same(await violations(page, false), [], "axe on the site, " + lang);
      await frame.locator("#question").press("Escape");
      await page.locator("#murshid-widget .panel").waitFor({ state: "hidden" });
      check(await page.evaluate(() => document.activeElement.id === "murshid-widget"), "the focus is not back on the button");
      await page.keyboard.press("Enter");
      check(await frame.locator(".theirs").isVisible(), "the conversation is gone");
      await page.context().close();
    }
  },

  async "the widget fills a telephone's screen"() {
    const page = await host("localhost", "ar", { viewport: { width: 320, height: 600 } });
    await page.locator("#murshid-widget .open").click();
    const frame = page.frameLocator("#murshid-widget iframe");
    await frame.locator("#question").waitFor();
    const box = await page.locator("#murshid-widget .panel").boundingBox();
    same([box.x, box.y, box.width, box.height], [0, 0, 320, 600], "panel");
    const inside = page.frames().find((f) => f.url().includes("/widget"));
    same(await inside.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, "overflow");
    await frame.locator("#leave").click();
    await page.locator("#murshid-widget .panel").waitFor({ state: "hidden" });
    await page.context().close();
  },

  async "a site that is not allowed gets no frame"() {
    const page = await host("127.0.0.1", "fr");
    await page.locator("#murshid-widget .open").click();
    await page.locator("#murshid-widget .refused").waitFor({ timeout: 15000 });
    same(await page.locator("#murshid-widget .refused a").getAttribute("href"), SITE + "/?lang=fr", "the way out");
    same(await page.locator("#murshid-widget iframe").count(), 0, "frames");
    await page.context().close();
  },

  async "only allowed sites open a websocket"() {
    const allowed = await host("localhost", "fr"), foreign = await host("127.0.0.1", "fr");
    same(await socket(allowed), "open", "allowed site");
    same(await socket(foreign), "refused", "other site");
    await allowed.context().close();
    await foreign.context().close();
  },

  async "no other page than the widget stands in a frame"() {
    const page = await host("localhost", "fr");
    const shown = await page.evaluate((address) => new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      frame.onload = () => { try { done(frame.contentDocument === null ? "opaque" : "empty"); } catch { done("opaque"); } };
      document.body.append(frame);
    }), SITE + "/?lang=fr");
    same(shown, "opaque", "frame");
    check(!page.frames().some((f) => f.url().startsWith(SITE)), "the portal itself stands in a frame");
    await page.context().close();
  },
};
