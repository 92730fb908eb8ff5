/** Saves the events that wait at a vendor as files, one for each, in the form that handlers get. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { codeOf } from "../../core/failure.ts";
import type { CallbackEvent } from "../../core/event.ts";
import { fingerprint as fingerprintOf } from "../../core/fingerprint.ts";
import { createAnonymous } from "./anonymous.ts";
import type { Look } from "./look.ts";

export type SaveOptions = { readonly dir: string; readonly anonymous: boolean };

/** Creates the folder first. Otherwise events could be pulled, and so hidden from the worker, without being saved. */
export async function openFixtures({ dir, anonymous }: SaveOptions) {
  const disguise = anonymous ? createAnonymous() : undefined;
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new ConfigError([`--save: cannot write to ${dir} (${codeOf(cause)}); name a folder of this user`], { cause });
  });
  return { save };

  /** Resolves to the number of saved events. Overwrites no file. */
  async function save({ source, deliveries }: Look): Promise<number> {
    for (const { type, body: real, fingerprint } of deliveries) {
      const name = disguise
        ? source.name.replace(/[^/]+$/, (last) => (last === source.vendor ? last : disguise.text(last)))
        : source.name;
      const body = disguise ? disguise.body(real) : real;
      await write({
        id: "",
        fingerprint: disguise ? fingerprintOf(name, body) : fingerprint,
        vendor: source.vendor,
        source: name,
        door: "pull",
        type,
        receivedAt: new Date().toISOString(),
        body,
      });
    }
    return deliveries.length;
  }

  async function write(event: CallbackEvent): Promise<void> {
    const start = `${event.vendor}.${event.type}`.replaceAll(/[^\w.-]/g, "_");
    for (let number = 1; ; number++) {
      const name = `${start}.${number}`;
      try {
        const text = JSON.stringify({ ...event, id: `fixture-${name}` }, undefined, 2);
        return await writeFile(join(dir, `${name}.json`), `${text}\n`, { flag: "wx" });
      } catch (err) {
        if (codeOf(err) !== "EEXIST") throw err;
      }
    }
  }
}
