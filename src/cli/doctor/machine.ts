import { request as httpRequest, Agent as HttpAgent } from "node:http";
import { request as httpsRequest, Agent as HttpsAgent } from "node:https";
import type { Finding } from "../../core/finding.ts";
import type { Clock } from "../../vendors/vendor.ts";
import { type Check, MOST_MS } from "./check.ts";

const GROUP = "This machine";
const OLDEST_NODE = 24;
/** The vendor refuses calls from a clock that is further off. */
const MOST_SKEW_S = 300;
/** A warning: more than a slow answer explains, and less than vendors refuse. */
const SUSPECT_SKEW_S = 30;

export function nodeCheck(): Check {
  return {
    group: GROUP,
    about: "Node",
    async run() {
      const ours = /\/node_modules\/node-[\w-]+\/bin\/node$/.test(process.execPath);
      const fact = `Node ${process.versions.node}, ${ours ? "the one npm ci brought" : "the one installed here"} (${process.execPath})`;
      return Number.parseInt(process.versions.node, 10) >= OLDEST_NODE
        ? [{ level: "ok", fact }]
        : [{ level: "error", fact: `${fact} is too old`, fix: "run npm ci, which brings a newer one, and npm start" }];
    },
  };
}

/** Vendors refuse signatures with a wrong time. If a vendor cannot be reached, the account check reports that. */
export function clockCheck({ url, proxyEnv }: Clock): Check {
  const { host } = new URL(url);
  return {
    group: GROUP,
    about: `the clock of ${host}`,
    async run(signal) {
      const asked = Date.now();
      const theirs = await dateAt(url, proxyEnv, signal).catch(() => Number.NaN);
      if (Number.isNaN(theirs)) return [];
      return [skewFinding((asked + Date.now()) / 2 - theirs, host)];
    },
  };
}

/** The Date header has whole seconds, rounded down. */
function skewFinding(aheadMs: number, host: string): Finding {
  const seconds = Math.round(aheadMs / 1000 - 0.5);
  const off = Math.abs(seconds);
  if (off < 2) return { level: "ok", fact: `the clock agrees with the one of ${host}` };
  const fact = `the clock is ${off} s ${seconds < 0 ? "behind" : "ahead of"} the one of ${host}`;
  const fix = `set it, best by NTP: a call that is ${MOST_SKEW_S / 60} minutes off is refused`;
  if (off < SUSPECT_SKEW_S) return { level: "ok", fact };
  return { level: off < MOST_SKEW_S ? "warn" : "error", fact, fix };
}

function dateAt(url: string, proxyEnv: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  const plain = url.startsWith("http:");
  const [request, agent] = plain
    ? [httpRequest, new HttpAgent({ proxyEnv: { ...proxyEnv } })]
    : [httpsRequest, new HttpsAgent({ proxyEnv: { ...proxyEnv } })];
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "HEAD", agent, signal, timeout: MOST_MS }, (answer) => {
      answer.resume();
      resolve(Date.parse(answer.headers.date ?? ""));
    });
    call.on("error", reject);
    call.end();
  });
}
