import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { findProgram } from "./debian-programs.ts";

/** A container offers no sandbox. The browser must make no network calls of its own. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A spare process for the next page is hardly ever used.
  "--renderer-process-limit=1",
];

/** Call it in a `beforeAll` and close the browser in an `afterAll`. A fresh machine downloads the browser first. */
export async function launchBrowser(): Promise<Browser> {
  const { path, env, tree } = await findProgram("browser");
  const fonts = tree === undefined ? {} : { FONTCONFIG_FILE: await fontsIn(tree) };
  return await chromium.launch({ executablePath: path, args: FLAGS, env: { ...process.env, ...env, ...fonts } });
}

/** Writes a font configuration. A separate font root instead gives no fallback fonts: Chinese shows as empty boxes. */
async function fontsIn(tree: string): Promise<string> {
  const generic = { "sans-serif": "DejaVu Sans", monospace: "DejaVu Sans Mono" };
  const aliases = Object.entries(generic).map(
    ([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
  );
  const dirs = `<dir>${tree}/usr/share/fonts</dir><cachedir>${tree}/var/cache/fontconfig</cachedir>`;
  const file = join(tree, "fonts.conf");
  await writeFile(file, `<?xml version="1.0"?>\n<fontconfig>${dirs}${aliases.join("")}</fontconfig>\n`);
  return file;
}
