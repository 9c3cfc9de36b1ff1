// Pictures of the pages, where SCREENSHOTS names a folder for them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SITE, please, visit, close, ask, questions, conversation, login, talk, SCREENSHOTS } from "./browser.mjs";

export async function pictures() {
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
