import { expect } from "vitest";
import { z } from "zod";
import { EVENT_STATES } from "../../src/core/event-states.ts";

type Worker = { readonly url: string };
type WithPages = { readonly pagesUrl: string };

const Readiness = z.object({ ready: z.boolean(), problems: z.array(z.string()) });

const Overview = z.object({
  openEvents: z.array(
    z.object({
      id: z.string(),
      source: z.string(),
      type: z.string(),
      state: z.enum(EVENT_STATES),
      reason: z.string().optional(),
    }),
  ),
});

/** The events that an operator sees on the overview page. */
export async function openEvents({ pagesUrl }: WithPages) {
  return Overview.parse(await (await fetch(`${pagesUrl}/status.json`)).json()).openEvents;
}

const Replicas = z.object({
  replicas: z.array(
    z.object({
      name: z.string(),
      roles: z.array(z.string()),
      sources: z.array(z.string()),
      lastPullAt: z.string().optional(),
    }),
  ),
});

/** The processes that work together, as an operator sees them. */
export async function replicas({ pagesUrl }: WithPages) {
  return Replicas.parse(await (await fetch(`${pagesUrl}/status.json`)).json()).replicas;
}

/** What the buttons of the overview page do; resolves with the notice that the page then shows. */
export async function press(
  { pagesUrl }: WithPages,
  button: "retry" | "discard",
  form: Readonly<Record<string, string>>,
): Promise<string | null> {
  const headers = { "sec-fetch-site": "same-origin" };
  const body = new URLSearchParams(form);
  const answer = await fetch(`${pagesUrl}/events/${button}`, { method: "POST", headers, body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "/", pagesUrl).searchParams.get("notice");
}

/** What `/readyz` says, with its HTTP status. */
async function readiness({ url }: Worker) {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...Readiness.parse(await answer.json()) };
}

export async function becomesReady(worker: Worker, timeout = 20_000): Promise<void> {
  const ready = { status: 200, ready: true, problems: [] };
  await expect.poll(() => readiness(worker), { timeout, interval: 50 }).toEqual(ready);
}

/** Waits until the worker is not ready for this reason, and lives. */
export async function isNotReadyFor(worker: Worker, ...reasons: readonly RegExp[]): Promise<void> {
  const problems = reasons.map((reason) => expect.stringMatching(reason));
  await expect
    .poll(() => readiness(worker), { timeout: 20_000, interval: 50 })
    .toEqual({ status: 503, ready: false, problems: expect.arrayContaining(problems) });
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
}

/** The value of one sample of `/metrics`, by its name and labels as they are written there; missing when there is none. */
export async function metric({ url }: Worker, sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split("\n").find((candidate) => candidate.startsWith(`reliable_callback_${sample} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
}
