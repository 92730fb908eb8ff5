import { request } from "node:http";
import { expect, test } from "vitest";
import { outcomeOf, pullEvents, setup } from "./setup.ts";

test("the Tencent simulator publishes events over HTTP, and shows their history page by page", async () => {
  const { simulator, client, call } = await setupControl();

  const { json } = await call("POST", "events", { type: "NewFileUpload", count: 3 });
  expect(json).toEqual({ ids: ["event-1", "event-2", "event-3"] });
  await call("POST", "events", { body: { EventType: "Own", A: 1 }, handle: "mine" });
  const events = await pullEvents(client);

  expect(events.at(-1)).toEqual({ EventHandle: "mine", EventType: "Own", A: 1 });
  const page = await call("GET", "events?limit=3");
  expect(page.json).toMatchObject({
    events: [{ id: "event-1" }, { id: "event-2" }, { id: "event-3" }],
    next: "event-3",
  });
  const last = await call("GET", "events?limit=3&after=event-3");
  expect(last.json).toMatchObject({ events: [{ id: "event-4", deliveries: [{ handle: "mine" }] }], next: null });
  expect((await call("GET", "events/event-4")).json).toEqual(simulator.find("event-4"));
  expect((await call("GET", "stats")).json).toMatchObject({ published: 4, delivered: 4, unconfirmed: 4 });
});

test("the Tencent simulator injects, lists and clears faults over HTTP", async () => {
  const { client, call } = await setupControl();

  expect(await call("POST", "faults", { kind: "error", code: "InternalError", times: 2 })).toMatchObject({
    status: 201,
  });
  expect(await outcomeOf(client.DescribeEventConfig({}))).toBe("InternalError");
  expect((await call("GET", "faults")).json).toEqual({
    faults: [{ kind: "error", code: "InternalError", times: 2, hits: 1 }],
  });
  expect((await call("DELETE", "faults")).json).toEqual({ faults: [] });

  expect(await outcomeOf(client.DescribeEventConfig({}))).toBe("ok");
});

test("the Tencent simulator shows and changes settings over HTTP, without any secret", async () => {
  const { simulator, call } = await setupControl();

  const changed = await call("POST", "settings", { windowMs: 1234, mode: "PUSH" });

  expect(changed).toMatchObject({ status: 200, json: { windowMs: 1234, mode: "PUSH", longPollMs: 0 } });
  expect((await call("GET", "settings")).json).toEqual(simulator.settings);
  expect(changed.text).not.toContain("a-secret-key");
});

test.each([
  ["events", {}, "type or body is missing"],
  ["events", { type: "X", count: 0 }, "count"],
  ["events", { type: "X", handle: "h" }, "a handle goes with a body without type"],
  ["events", { type: "X", subAppId: 7 }, "no application 7"],
  ["events", "not json", "not JSON"],
  ["faults", { kind: "earthquake" }, "kind"],
  ["settings", { windowMs: "long" }, "windowMs"],
  ["settings", { colour: "red" }, "colour"],
])("a POST to %s of the Tencent simulator with %j is answered with what is wrong", async (path, body, said) => {
  const { call } = await setupControl();

  expect(await call("POST", path, body)).toMatchObject({ status: 400, text: expect.stringContaining(said) });
});

test("each unknown, too large or out-of-range control value of the Tencent simulator has its own error", async () => {
  const { call, simulator } = await setupControl();

  expect(await call("GET", "nothing")).toMatchObject({ status: 404 });
  expect(await call("GET", "events/event-9")).toMatchObject({ status: 404 });
  expect(await call("GET", "events?limit=0")).toMatchObject({ status: 400 });
  expect(await call("POST", "events", { body: { A: "x".repeat(5 * 2 ** 20) } })).toMatchObject({ status: 413 });
  expect((await fetch(simulator.url)).status).toBe(404);
});

test.each([{ host: "evil.example" }, { origin: "https://evil.example" }, { "x-forwarded-for": "203.0.113.9" }])(
  "the Tencent simulator refuses control calls with %j, as from a page or proxy",
  async (headers) => {
    const { simulator } = await setup();

    // fetch would not send another Host.
    const status = await new Promise((resolve, reject) => {
      request(`${simulator.url}/control/stats`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });

    expect(status).toBe(403);
  },
);

async function setupControl() {
  const bundle = await setup();
  const call = async (method: string, path: string, body?: unknown) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${bundle.simulator.url}/control/${path}`, { method, ...(text && { body: text }) });
    const answer = await response.text();
    const json: unknown = JSON.parse(answer);
    return { status: response.status, text: answer, json };
  };
  return { ...bundle, call };
}
