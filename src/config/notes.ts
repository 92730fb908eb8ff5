/** Settings that are allowed but probably mistakes. They are logged once at the start. */
import { nearest } from "../core/nearest.ts";
import type { Env } from "../settings/given.ts";
import type { Settings } from "../settings/setting.ts";
import type { ConfiguredVendor, Vendor } from "../vendors/vendor.ts";

const OWN_PREFIXES = ["CALLBACK", "FORWARD", "DASHBOARD", "QUEUE"];

/** Kubernetes sets variables for every service, also for one that is called `dashboard` or `queue`. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_\w+|PORT_\d+_\w+)$/;

/** Unknown names that begin like a known one. */
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

/** If a pull takes longer than the grace, its events are skipped and come back later. */
export function notesOnGrace(graceMs: number, vendors: readonly ConfiguredVendor[]): readonly string[] {
  return vendors
    .filter(({ longestPullMs = 0 }) => graceMs <= longestPullMs)
    .map(
      ({ title, longestPullMs }) =>
        `CONFIRM_GRACE_MS: ${graceMs} is no longer than a pull from ${title} may take; use more than ${longestPullMs}`,
    );
}
