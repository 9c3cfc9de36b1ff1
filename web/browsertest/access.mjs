// Keyboard, zoom, narrow screens, weight, and what axe says.
import { SITE, please, check, same, browser, visit, close, ask, questions, overflow, violations, login, talk } from "./browser.mjs";

/** Goes through the page with the tabulator: each stop is in sight, and these are among them. */
async function walk(page, ids, where) {
  const seen = new Set();
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return null;
      const r = e.getBoundingClientRect(), x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 1), y = Math.min(Math.max(r.top + Math.min(r.height, 40) / 2, 1), innerHeight - 1);
      const top = document.elementFromPoint(x, y);
      return { id: e.id, what: e.className + " " + e.textContent.trim().slice(0, 30), seen: r.bottom > 0 && r.top < innerHeight && Boolean(top) && (e.contains(top) || top.contains(e)) };
    });
    if (!stop) break;
    check(stop.seen, `${where}: out of sight: ${stop.what}`);
    seen.add(stop.id);
  }
  for (const id of ids) check(seen.has(id), `${where}: the keyboard does not reach ${id}`);
}

export const scenarios = {
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

  async "at four hundred percent the keyboard reaches everything and nothing hides it"() {
    for (const lang of ["fr", "ar"]) {
      const page = await visit("/?lang=" + lang, { viewport: { width: 320, height: 225 }, deviceScaleFactor: 4, reducedMotion: "reduce" });
      await walk(page, ["question", "send", "agent", "past-open"], "start in " + lang);
      await page.locator("#question").focus();
      await page.keyboard.type(questions.fr);
      await page.keyboard.press("Enter");
      await page.locator(".next .chip").first().waitFor();
      await page.evaluate(() => { document.querySelector(".skip").focus(); });
      await walk(page, ["question", "send", "agent", "fresh"], "conversation in " + lang);
      same(await overflow(page), 0, "overflow");
      await close(page);
    }
  },

  async "on a slow line one can ask within three seconds"() {
    for (const lang of ["fr", "ar"]) {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", { offline: false, latency: 200, downloadThroughput: 50_000, uploadThroughput: 50_000 });
      const began = Date.now();
      await page.goto(SITE + "/?lang=" + lang, { waitUntil: "commit" });
      await page.locator("#past-open:not([hidden])").waitFor(); // the script has run
      await page.locator("#question").fill(questions.fr);
      const usable = Date.now() - began;
      check(usable < 3000, `usable after ${usable} ms`);
      await page.locator("#send").click();
      await page.locator(".theirs").waitFor();
      await context.close();
    }
  },

  async "axe finds nothing"() {
    for (const lang of ["fr", "ar"]) {
      const page = await visit("/?lang=" + lang, { reducedMotion: "reduce" });
      same(await violations(page, false), [], `empty portal ${lang}`);
      await page.locator(".theme").first().click();
      await page.locator("#theme button").first().waitFor();
      same(await violations(page, true), [], `theme ${lang}`);
      await talk(page, lang);
      same(await violations(page, false), [], `portal ${lang}`);
      same(await violations(page, true), [], `portal ${lang}, Latin`);
      await page.locator(".act[aria-expanded]").first().click();
      await page.locator("#past-open").click();
      same(await violations(page, true), [], `kept conversations ${lang}`);
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
