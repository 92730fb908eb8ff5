/** What is no mistake but probably not meant: it is logged once at the start. */
import type { Env } from "../settings/given.ts";
import type { Settings } from "../settings/setting.ts";
import type { ConfiguredVendor, Vendor } from "../vendors/vendor.ts";

const OWN_PREFIXES = ["CALLBACK", "FORWARD", "DASHBOARD", "QUEUE"];

/** Kubernetes sets such names for every service, one called `dashboard` or `queue` included. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_\w+|PORT_\d+_\w+)$/;

/** Names that begin as ours do and are none of ours. */
export function notesOnNames(env: Env, settings: Settings, vendors: readonly Vendor[]): readonly string[] {
  const prefixes = [...OWN_PREFIXES, ...vendors.flatMap((vendor) => vendor.prefixes)].map((prefix) => `${prefix}_`);
  const known = Object.entries(settings).flatMap(([name, { isSecret }]) =>
    isSecret ? [name, `${name}_FILE`] : [name],
  );
  return Object.entries(env)
    .filter(([name, value]) => value && prefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .filter(([name, value]) => !SERVICE_LINK.test(name) && !/^(tcp|udp):\/\//.test(value ?? ""))
    .map(([name]) => {
      const meant = nearest(name, known);
      return `${name}: is not a setting of this worker${meant === undefined ? " and changes nothing" : `; did you mean ${meant}?`}`;
    });
}

/** What a pull brings after the grace is left alone, and comes back. */
export function notesOnGrace(graceMs: number, vendors: readonly ConfiguredVendor[]): readonly string[] {
  return vendors
    .filter(({ longestPullMs = 0 }) => graceMs <= longestPullMs)
    .map(
      ({ title, longestPullMs }) =>
        `CONFIRM_GRACE_MS: ${graceMs} is no longer than a pull from ${title} may take; use more than ${longestPullMs}`,
    );
}

/** A quarter of the letters may differ, or the end may be missing. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((other) => ({ other, distance: other.startsWith(name) ? 0 : distanceOf(name, other) }))
    .filter(({ distance }) => distance <= name.length / 4)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.other;
}

/** Levenshtein's: how many letters to insert, delete or replace. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const letter of a) {
    const next = [(row[0] ?? 0) + 1];
    for (const [index, other] of b.split("").entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
