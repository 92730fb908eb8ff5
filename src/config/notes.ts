/** What is no mistake but probably not meant: it is logged once at the start. */
import { type Settings, SECRETS, VARIABLES } from "./environment.ts";
import { httpUrl, isLoopback } from "./fields.ts";
import type { Env } from "./given.ts";

const OURS =
  /^(TENCENT_VOD|TENCENTCLOUD|ALIBABA_MNS|ALIBABA_VOD|AWS_MEDIACONVERT|ZEGO|CALLBACK|FORWARD|DASHBOARD|QUEUE)_/;
const KNOWN: readonly string[] = [...VARIABLES, ...SECRETS.map((name) => `${name}_FILE`)];

/** Kubernetes sets such names for every service, one called `dashboard` or `queue` included. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_\w+|PORT_\d+_\w+)$/;

/** How long Tencent waits for a confirmation; only a simulator can be told otherwise. */
const VENDOR_WINDOW_MS = 30_000;
/** A long poll of 8 s, and what the network may add. */
const MNS_PULL_MS = 12_000;

export function notesOn(env: Env, settings: Settings): readonly string[] {
  return [...unknownNames(env), ...unusableProxies(settings), ...strangeWindow(settings), ...shortGrace(settings)];
}

export function isUsableProxy(url: string | undefined): boolean {
  return url !== undefined && httpUrl(url) !== undefined;
}

function unknownNames(env: Env): readonly string[] {
  return Object.entries(env)
    .filter(([name, value]) => value && OURS.test(name) && !KNOWN.includes(name))
    .filter(([name, value]) => !SERVICE_LINK.test(name) && !/^(tcp|udp):\/\//.test(value ?? ""))
    .map(([name]) => {
      const meant = nearest(name);
      return `${name}: is not a setting of this worker${meant === undefined ? " and changes nothing" : `; did you mean ${meant}?`}`;
    });
}

/** Such a variable is usually set for the whole machine and other programs, so it does not stop the worker. */
function unusableProxies(settings: Settings): readonly string[] {
  const proxies = { HTTPS_PROXY: settings.HTTPS_PROXY, HTTP_PROXY: settings.HTTP_PROXY };
  return Object.entries(proxies)
    .filter(([, url]) => url !== undefined && !isUsableProxy(url))
    .map(([name]) => `${name}: is not an http:// or https:// URL and is not used`);
}

function strangeWindow({ TENCENT_VOD_CONFIRM_WINDOW_MS: windowMs, TENCENT_VOD_ENDPOINT: { host } }: Settings) {
  const hostname = new URL(`http://${host}`).hostname;
  return windowMs === VENDOR_WINDOW_MS || isLoopback(hostname)
    ? []
    : [
        `TENCENT_VOD_CONFIRM_WINDOW_MS: ${windowMs} is not the ${VENDOR_WINDOW_MS} that Tencent keeps; only a simulator takes another`,
      ];
}

/** A quarter of the letters may differ, or the end may be missing. */
function nearest(name: string): string | undefined {
  const ranked = KNOWN.map((known) => ({ known, distance: known.startsWith(name) ? 0 : distanceOf(name, known) }))
    .filter(({ distance }) => distance <= name.length / 4)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.known;
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

/** MNS holds an empty pull longer than Tencent does; what comes after the grace is left alone, and comes back. */
function shortGrace({ ALIBABA_MNS_QUEUES: queues, CONFIRM_GRACE_MS: graceMs }: Settings): readonly string[] {
  return queues && graceMs <= MNS_PULL_MS
    ? [`CONFIRM_GRACE_MS: ${graceMs} is no longer than a pull from MNS may take; use more than ${MNS_PULL_MS}`]
    : [];
}
