// The browser's side of TestBrowser: prints a line of JSON for each scenario.
import { browser, say, ONLY, SCREENSHOTS } from "./browser.mjs";
import { scenarios as access } from "./access.mjs";
import { scenarios as conversation } from "./conversation.mjs";
import { pictures } from "./pictures.mjs";
import { scenarios as portal } from "./portal.mjs";
import { scenarios as widget } from "./widget.mjs";

for (const [name, run] of Object.entries({ ...conversation, ...portal, ...widget, ...access })) {
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
