import { expect, test } from "vitest";
import type { OpenEvent } from "../../../src/core/event-states.ts";
import type { Replica } from "../../../src/core/replica.ts";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { awakeMs } from "../../support/awake-time.ts";
import { sourceOf, statusOf } from "../../support/status.ts";
import { parked, setup } from "../setup.ts";

const hanging = () => new Promise<never>(() => {});
const told = (status: Partial<Status>) => ({ status: () => Promise.resolve(statusOf(status)) });

test("the first page says that the worker is in good order, and loads nothing from elsewhere", async () => {
  const { ask } = await setup();

  const { status, headers, text } = await ask("/");

  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(/^text\/html/);
  expect(headers["cache-control"]).toBe("no-store");
  expect(text).toContain("<h1>Ready</h1>");
  expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//);
});

test("the desk's pages forbid foreign and inline content, and bull-board alone may use inline styles", async () => {
  const { ask } = await setup();

  for (const path of ["/", "/desk.js"]) {
    const { headers } = await ask(path);
    expect(headers["content-security-policy"], path).toMatch(/default-src 'none'; style-src 'self'; script-src 'self'/);
    expect(headers["content-security-policy"], path).not.toContain("unsafe");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
  }
  for (const path of ["/dashboard", "/dashboard/api/queues"]) {
    const { headers } = await ask(path);
    expect(headers["content-security-policy"], path).toMatch(
      /default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:/,
    );
    expect(headers["x-content-type-options"], path).toBe("nosniff");
  }
});

test("the first page shows problems, troubles and findings, each with its fix", async () => {
  const since = new Date(Date.now() - 7_200_000).toISOString();
  const source = sourceOf({
    trouble: { message: "the secret id is unknown", fix: "set TENCENTCLOUD_SECRET_ID", since },
    findings: [
      { level: "ok", fact: "events are delivered by pull" },
      { level: "warn", fact: "only 3 of 12 event types are switched on", fix: "switch them on in the console" },
    ],
  });
  const { ask } = await setup(
    told({
      problems: [{ code: "pull-silent", fact: "no pull for 2 h", fix: "look at the network", since }],
      sources: [source],
    }),
  );

  const { text } = await ask("/");

  expect(text).toContain("<h1>Not ready</h1>");
  expect(text).toMatch(/no pull for 2 h, <b>look at the network<\/b><\/span>\s*<span class="since">\(for 2h\)<\/span>/);
  expect(text).toContain("the secret id is unknown (for 2h)");
  expect(text).toContain("set TENCENTCLOUD_SECRET_ID");
  expect(text).toContain("only 3 of 12 event types are switched on");
  expect(text).not.toContain("events are delivered by pull");
});

test("the first page shows the oldest event's age beside the vendor's retention", async () => {
  const { ask } = await setup(
    told({ sources: [sourceOf({ oldestUnconfirmedMs: 90_061_000, retentionMs: 345_600_000 })] }),
  );

  const { text } = await ask("/");

  expect(text).toContain("oldest is 1d 1h old, 2d 22h left");
  expect(text).toMatch(/<meter[^>]*max="345600000"[^>]*value="90061000"/);
});

test("the first page lists the replicas with their roles and states", async () => {
  // at the beginning of a minute, since time passes until the page is there
  const startedAt = new Date(Date.now() - 5_400_000).toISOString();
  const seenAt = new Date(Date.now() - 4_200_000).toISOString();
  const replica = {
    version: "0.1.0",
    sources: [],
    running: 3,
    startedAt,
    seenAt,
    state: "ready",
    problems: [],
  } as const;
  const replicas: readonly Replica[] = [
    { ...replica, name: "a:1", roles: ["pull", "work"] },
    { ...replica, name: "b:2", roles: ["http"], state: "attention", problems: ["vendor-slow"] },
  ];
  const { ask } = await setup(told({ replicas }));

  const { text } = await ask("/");

  const [, table = ""] = /<section id="replicas"([^]*?)<\/table>/.exec(text) ?? [];
  const rows = table.split("<tr ").slice(2);
  const cells = rows.map((row) => [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = ""]) => plain(cell)));
  expect(cells).toEqual([
    ["a:1 0.1.0, started 1h 30m ago", "ready", "pull, work", "", "3", "never", "never", "1h 10m ago"],
    ["b:2 0.1.0, started 1h 30m ago", "attention, vendor-slow", "http", "", "3", "never", "never", "1h 10m ago"],
  ]);
});

test("each count on the first page links to the events in that state", async () => {
  const { ask } = await setup();

  const { text } = await ask("/");

  for (const state of ["waiting", "running", "delayed", "parked", "handled"])
    expect(text).toContain(`href="/events?search=state%3A${state}"`);
});

test.each([
  ["too many events wait", 0, true],
  ["they are pushed ones, which have a bound of their own", 1, false],
])("the first page says that new events stay at the vendor, if they do: %s", async (_, pushed, isSaid) => {
  const callbacks = { waiting: pushed, waitingBytes: 10, maxWaiting: 5, maxWaitingBytes: 1_000 };
  const queue = { waiting: 10, running: 0, delayed: 4, parked: 0, completed: 0, paused: false, maxWaiting: 10 };
  const { ask } = await setup(told({ queue, callbacks }));

  const { text } = await ask("/");

  expect(text.includes("10 events wait, the limit is 10: new ones stay at the vendor.")).toBe(isSaid);
});

test("the first page lists open events: Retry for a parked one, End for a handled one", async () => {
  const handled: OpenEvent = { ...parked, id: "e-handled", state: "handled", atVendor: "due", type: "FileDeleted" };
  const { ask } = await setup({ openEvents: [parked, handled] });

  const { text } = await ask("/");

  expect(text).toContain('href="/events/e-parked"');
  expect(text).toContain("1h 30m");
  expect(text).toContain("the file service answered 500");
  expect(text.match(/action="\/events\/retry"/g)).toHaveLength(1);
  expect(text.match(/action="\/events\/discard"/g)).toHaveLength(1);
  expect(text.match(/action="\/events\/end"/g)).toHaveLength(1);
  expect(text).toContain("If its vendor still has it, it comes back and runs again.");
  expect(text).toContain("unconfirmed at the vendor");
  expect(text).toContain("its confirmation is due");
});

test("the first page cuts a long list of events off, and says so", async () => {
  const openEvents = Array.from({ length: 150 }, (_, index) => ({ ...parked, id: `e-${index}` }));
  const { ask } = await setup({ openEvents });

  const { text } = await ask("/");

  expect(text.match(/class="state parked"/g)).toHaveLength(10);
  expect(text).toContain("These are the 10 oldest; in all, 7 are unconfirmed, and 4 are parked.");
});

test("text from vendors and errors is escaped on every part of the first page", async () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
  const openEvents = [{ ...parked, id: evil, type: evil, reason: evil, source: evil }];
  const sources = [sourceOf({ name: evil, findings: [{ level: "error", fact: evil, fix: evil }] })];
  const { ask } = await setup({
    openEvents,
    ...told({
      problems: [{ code: "pull-failing", source: evil, fact: evil, fix: evil, since: new Date().toISOString() }],
      sources,
    }),
  });

  const { text } = await ask(`/?notice=${encodeURIComponent(evil)}`);

  expect(text).not.toContain("<script>alert");
  expect(text).not.toContain("<img");
  expect(text).not.toContain(`">`.concat("<script>"));
  expect(text.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)?.length).toBeGreaterThanOrEqual(7);
});

test("the first page answers while Redis is away, and says so", async () => {
  const { ask, pages } = await setup({ status: hanging });
  pages.openEvents.mockImplementation(hanging);

  const took = await awakeMs(async () => {
    const { status, text } = await ask("/");
    expect(status).toBe(200);
    expect(text).toContain("status takes too long: Redis away?");
    expect(text).toContain("This cannot be read at the moment");
  });

  expect(took).toBeLessThan(3_000);
});

test("/status.json has the content of the first page", async () => {
  const { ask } = await setup();

  const { headers, text } = await ask("/status.json");

  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(text)).toMatchObject({
    ready: true,
    name: "worker-1",
    queue: { parked: 4 },
    openEvents: [{ id: "e-parked" }],
  });
});

test("the first page's scripts, style and icon come from this server", async () => {
  const { ask } = await setup();

  const { text } = await ask("/");
  const paths = [...text.matchAll(/(?:src|href)="(\/desk[^"]*)"/g)].map(([, path = ""]) => path);
  const types = await Promise.all(
    [...paths, "/desk-worker.js"].map(async (path) => (await ask(path)).headers["content-type"]),
  );

  expect(types).toEqual([
    "image/svg+xml",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/javascript; charset=utf-8",
  ]);
});

test("the first page works if the age of the oldest event is unknown", async () => {
  const { oldestUnconfirmedMs: _, lastPullAt: __, ...source } = sourceOf({ unconfirmed: 0 });
  const { ask } = await setup(told({ sources: [source] }));

  const { text } = await ask("/");

  expect(text).toContain("never");
  expect(text).toContain("none");
});

/** Without markup and line breaks. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(" ,", ",")
    .trim();
}
