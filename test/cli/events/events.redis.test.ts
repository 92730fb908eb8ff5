import { stripVTControlCharacters } from "node:util";
import { expect, test, vi } from "vitest";
import type { EventWithLife } from "../../../src/desk/contract.ts";
import { events } from "../../../src/cli/events/index.ts";
import { PASSWORD, setup } from "../../http/setup.ts";

const { life, body, ...event }: EventWithLife = {
  id: "ev-1",
  vendor: "tencent-vod",
  source: "tencent-vod",
  door: "pull",
  type: "NewFileUpload",
  state: "parked",
  subjects: ["5285890784246869930"],
  firstSeen: "2030-01-01T00:00:00.000Z",
  deliveries: 2,
  attempts: 20,
  error: "disk \u001b[31mfull\n  at save",
  body: { FileId: "5285890784246869930" },
  life: [{ at: "2030-01-01T00:00:00.000Z", what: "delivered", receipt: "…abcdef", by: "host:1" }],
};

const at = (minute: number): string => `2030-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;

/** An event with every field that may be shown. */
const full: EventWithLife = {
  ...event,
  id: "ev-full",
  parkedAt: at(9),
  lastDelivery: at(3),
  receiptUntil: at(40),
  expiresAt: at(50),
  nextAttemptAt: at(30),
  worker: "host:2",
  life: [
    { at: at(0), what: "delivered", receipt: "…abcdef", by: "host:1" },
    { at: at(1), what: "attempt", endedAt: at(2), result: "failed", by: "host:2", error: "disk full\n  at save" },
    { at: at(3), what: "delivered", receipt: "…ghijkl", by: "host:3" },
    { at: at(4), what: "action", result: "retried by hand", by: "anna, 10.0.0.7" },
    { at: at(5), what: "confirming", result: "unanswered", calls: 3 },
    { at: at(6), what: "confirming", result: "refused", calls: 1 },
  ],
  steps: [
    { name: "fetch", isDone: true },
    { name: "store \u001b[2J", isDone: false, seenAt: at(2) },
  ],
  progress: { percent: 40 },
  lines: ["attempt 1 fetched"],
  stack: "Error: disk full\ncaused by: Error: ENOSPC",
  neighbours: [{ ...event, id: "ev-near", state: "confirmed" }],
  areAllNeighbours: false,
};

async function started(one: EventWithLife = { ...event, life, ...(body && { body }) }) {
  const { url, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
  const find = vi.spyOn(pages.desk, "events").mockResolvedValue({ events: [event], cursor: "more" });
  vi.spyOn(pages.desk, "event").mockImplementation(async (id) => (id === one.id ? one : undefined));
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const env = { DASHBOARD_USER: "operator", DASHBOARD_PASSWORD: PASSWORD };
  return {
    find,
    async run(...args: readonly string[]) {
      written.mockClear();
      await events(env, [...args, "--url", url]);
      return written.mock.calls.map(([text]) => String(text)).join("");
    },
    asStranger: async () => await events({}, ["list", "--url", url]),
  };
}

test("`events list` and `events show` print events, and a vendor's text cannot move the terminal's cursor", async () => {
  const { run, find } = await started();
  const list = await run("list", "state:parked", 'type:New "File"', "two words", "--limit", "3");
  expect(list).toContain("5285890784246869930");
  expect(list).toContain("disk \u{fffd}[31mfull");
  expect(list).toContain("There are more");
  expect(find.mock.calls[0]?.[0]).toMatchObject({
    limit: 3,
    search: { states: ["parked"], words: expect.arrayContaining(["two words"]) },
  });

  const shown = await run("show", "ev-1");
  expect(shown).toContain("delivered");
  expect(shown).toContain('"FileId": "5285890784246869930"');
  expect(JSON.parse(await run("show", "ev-1", "--json"))).toMatchObject({ id: "ev-1", life, body });
});

test("`events show` prints all parts of an event's life", async () => {
  const { run } = await started(full);

  const shown = stripVTControlCharacters(await run("show", "ev-full")).split("\n");

  for (const line of [
    "  deliveries    2",
    `  last delivery ${at(3)}`,
    "  attempts      20",
    `  waits for     its next attempt at ${at(30)}`,
    `  receipt until ${at(40)}`,
    '  progress      {"percent":40}',
    `  parked        ${at(9)}`,
    "  worker        host:2",
    `  forgotten at  ${at(50)}`,
    `  ${at(0)} delivered  …abcdef by host:1`,
    `  ${at(1)} attempt    failed until ${at(2)} by host:2 : disk full`,
    `  ${at(3)} delivered  …ghijkl by host:3`,
    `  ${at(4)} action     retried by hand by anna, 10.0.0.7`,
    `  ${at(5)} confirming unanswered (3 calls)`,
    `  ${at(6)} confirming refused`,
    "Steps",
    "  fetch: done",
    `  store \u{fffd}[2J: began, seen ${at(2)}`,
    "  attempt 1 fetched",
    "  caused by: Error: ENOSPC",
    "Other events of the same subject",
    "  confirmed NewFileUpload  ev-near",
    "  There may be more.",
    "Its body is gone with its job.",
  ])
    expect(shown).toContain(line);
});

test.each<[string, Partial<EventWithLife>]>([
  ["place (tencent-vod X)", { heldFor: { what: "place", handler: "tencent-vod X" } }],
  [
    "key (tencent-vod X, key f1), behind ev-0",
    { heldFor: { what: "key", handler: "tencent-vod X", key: "f1", after: "ev-0" } },
  ],
  ["it runs in the batch of ev-0", { inBatchOf: "ev-0" }],
])("`events show` prints what an event waits for: %s", async (words, changes) => {
  const { run } = await started({ ...event, life, ...changes });
  expect(await run("show", "ev-1")).toContain(`waits for     ${words}\n`);
});

test("a mistake in the options of `events` is an error that says how to fix it", async () => {
  const { run, asStranger } = await started();
  await expect(run("list", "state:stuck")).rejects.toThrow("no state is called stuck");
  await expect(run("show", "ev-2")).rejects.toThrow("no event has this id");
  await expect(run("show")).rejects.toThrow("events show takes one id");
  await expect(run("list", "--limit", "0")).rejects.toThrow("--limit takes a number");
  await expect(run("find")).rejects.toThrow("there is events list and events show");
  await expect(asStranger()).rejects.toThrow(/answered 401: .*DASHBOARD_PASSWORD/);
  await expect(events({}, ["list", "--url", "http://127.0.0.1:9"])).rejects.toThrow("is the worker running");
});
