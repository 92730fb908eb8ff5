import { expect, vi } from "vitest";
import { z } from "zod";
import { HEALTH_STATES } from "../../src/core/health.ts";
import { PROBLEM_CODES, textOf } from "../../src/core/problems.ts";
import { EVENT_STATES } from "../../src/core/event-states.ts";
import { until } from "./until.ts";

type Worker = { readonly url: string };
type WithPages = { readonly pagesUrl: string };

const Problem = z.object({
  code: z.enum(PROBLEM_CODES),
  source: z.string().exactOptional(),
  fact: z.string(),
  fix: z.string(),
  since: z.iso.datetime(),
});
const Readiness = z.strictObject({ state: z.enum(HEALTH_STATES), ready: z.boolean(), problems: z.array(Problem) });

const StatusPage = z.object({
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

/** The open events that an operator sees on the desk. A busy worker may leave them out, so this looks again. */
export async function openEvents({ pagesUrl }: WithPages) {
  let page: z.infer<typeof StatusPage> | undefined;
  const look = async () => {
    const read = StatusPage.safeParse(await (await fetch(`${pagesUrl}/status.json`)).json());
    page = read.data;
    return read.success;
  };
  await until("the page holds the open events", look);
  return page?.openEvents ?? [];
}

const Groups = z.object({ groups: z.array(z.object({ type: z.string(), error: z.string() })) });

/** Retries every group on the desk, one by one, as an operator does. */
export async function retryAllGroups({ pagesUrl }: WithPages): Promise<void> {
  const { groups } = Groups.parse(await (await fetch(`${pagesUrl}/api/groups`)).json());
  for (const group of groups) {
    const headers = { "sec-fetch-site": "same-origin" };
    const asked = { method: "POST", headers, body: new URLSearchParams(group), redirect: "manual" } as const;
    expect((await fetch(`${pagesUrl}/events/retry-group`, asked)).headers.get("location")).toBe("/");
  }
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

/** The replicas that an operator sees. */
export async function replicas({ pagesUrl }: WithPages) {
  return Replicas.parse(await (await fetch(`${pagesUrl}/status.json`)).json()).replicas;
}

/** Presses a button of the desk. Resolves with the notice that the page then shows. */
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

/** The answer of `/readyz` with its HTTP status. Problems are the lines that people read. */
export async function readiness(worker: Worker) {
  const { problems, ...stands } = await problemsTold(worker);
  return { ...stands, problems: problems.map(textOf) };
}

/** The codes of the problems in `/readyz`. */
export async function problemCodes(worker: Worker): Promise<readonly string[]> {
  return (await problemsTold(worker)).problems.map(({ code }) => code);
}

/** The answer of `/readyz` with its HTTP status and the problems as sent. */
export async function problemsTold({ url }: Worker) {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...Readiness.parse(await answer.json()) };
}

export async function becomesReady(worker: Worker, timeout = 40_000): Promise<void> {
  const ready = { status: 200, state: "ready", ready: true, problems: [] };
  await comesTo(() => readiness(worker), ready, timeout);
}

/** Waits until the worker is ready, but reports a problem that needs a person. */
export async function wantsAttentionFor(worker: Worker, reason: RegExp, timeout = 60_000): Promise<void> {
  const problems = expect.arrayContaining([expect.stringMatching(reason)]);
  const wanted = { status: 200, state: "attention", ready: true, problems };
  await comesTo(() => readiness(worker), wanted, timeout);
}

/** Waits until the worker is alive but not ready, for these reasons. */
export async function isNotReadyFor(worker: Worker, ...reasons: readonly RegExp[]): Promise<void> {
  const problems = reasons.map((reason) => expect.stringMatching(reason));
  const wanted = { status: 503, state: "not-ready", ready: false, problems: expect.arrayContaining(problems) };
  await comesTo(() => readiness(worker), wanted);
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
}

/** Like `expect.poll`, which does not know its test when several run side by side. */
export async function comesTo(read: () => unknown, expected: unknown, timeout = 30_000): Promise<void> {
  await vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout });
}

/** The value of one sample of `/metrics`. `sample` is its name and labels as written there. Undefined if it is missing. */
export async function metric({ url }: Worker, sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split("\n").find((candidate) => candidate.startsWith(`reliable_callback_${sample} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
}
