/** How far this machine's clock is off, told by the Date header of the vendor's answers, which the SDK does not pass on. */
import * as http from "node:http";
import * as https from "node:https";

const TIMEOUT_MS = 3_000;

/** What to do about a clock the vendor refuses; says how far it is off, if the vendor tells. */
export async function clockFix(endpoint: URL, agent: http.Agent, signal?: AbortSignal): Promise<string> {
  const vendorTime = await dateAt(endpoint, agent, signal).catch(() => Number.NaN);
  const seconds = Math.round((Date.now() - vendorTime) / 1000);
  if (Number.isNaN(seconds)) return `${SET_IT}; the vendor accepts 5 minutes`;
  return `${SET_IT}: it is ${inWords(Math.abs(seconds))} ${seconds < 0 ? "behind" : "ahead of"} the vendor's, which accepts 5 minutes`;
}

const SET_IT = "set this machine's clock, best by NTP";

function dateAt(endpoint: URL, agent: http.Agent, signal?: AbortSignal): Promise<number> {
  const { request } = endpoint.protocol === "http:" ? http : https;
  return new Promise((resolve, reject) => {
    const cut = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
    const call = request(endpoint, { method: "HEAD", agent, signal: cut }, (answer) => {
      answer.resume();
      resolve(Date.parse(answer.headers.date ?? ""));
    });
    call.on("error", reject);
    call.end();
  });
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
