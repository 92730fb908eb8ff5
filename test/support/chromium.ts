import { chromium, type Browser } from "playwright-core";
import { findProgram } from "./debian-programs.ts";

/** No sandbox, since a container has none to give; and nothing that calls out. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Start it in a `beforeAll` and close it in an `afterAll`: on a fresh machine it is fetched first. */
export async function launchBrowser(): Promise<Browser> {
  const { path, env, tree } = await findProgram("browser");
  const fonts = tree === undefined ? {} : { FONTCONFIG_SYSROOT: tree };
  return await chromium.launch({ executablePath: path, args: FLAGS, env: { ...process.env, ...env, ...fonts } });
}
