/** Compares this machine's clock with the Date header of the vendor's answers, which the SDK does not pass on. */
import type { Agent } from "node:http";
import { http, https } from "../../../core/node-http.ts";

const TIMEOUT_MS = 3_000;

/** The fix for a clock that the vendor refuses, with the difference if the vendor gives its time. */
export async function clockFix(endpoint: URL, agent: Agent, signal?: AbortSignal): Promise<string> {
  const vendorTime = await dateAt(endpoint, agent, signal).catch(() => Number.NaN);
  const seconds = Math.round((Date.now() - vendorTime) / 1000);
  const advice = "set this machine's clock, best by NTP: the vendor accepts 5 minutes";
  // The vendor refused our time. So a date that agrees with it comes from a proxy on the way.
  if (!(Math.abs(seconds) >= SUSPECT_S)) return advice;
  return `${advice}, and it is ${inWords(Math.abs(seconds))} ${seconds < 0 ? "behind" : "ahead"}`;
}

const SUSPECT_S = 240;

function dateAt(endpoint: URL, agent: Agent, signal?: AbortSignal): Promise<number> {
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
  const minutes = Math.floor(seconds / 60);
  return minutes < 600 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
