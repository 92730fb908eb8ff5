import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { fingerprint } from "../../../src/core/fingerprint.ts";
import { EventPage, EventWithLife, Groups, Reach, Series } from "../../../src/desk/contract.ts";
import { createSubjectsOf } from "../../../src/desk/subjects.ts";
import { deskApi } from "../../../src/http/desk/api.ts";
import { operatorOnRedis } from "../../support/operator-on-redis.ts";
import { inboxOnRedis, takeIn, workerByHand } from "../../support/redis-inbox.ts";
import { setupRedis } from "../../support/redis.ts";
import { sourceTerms } from "../../support/source-terms.ts";

const source = sourceTerms();

function setup() {
  const { redis, keys } = setupRedis();
  const subjectsOf = createSubjectsOf(new Map([["tencent-vod", ["FileId"]]]));
  const inbox = inboxOnRedis({
    redis,
    keys,
    times: { graceMs: 15_000, callMs: 5_000 },
    subjectsOf,
    historyAs: "host:1",
  });
  const { next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const { desk } = operatorOnRedis({ redis, inbox, source });
  const api = deskApi(desk);
  return { inbox, next, api, get: async (path: string): Promise<unknown> => await (await api.request(path)).json() };
}

test("docs/openapi.json describes every route of the API, and no other", async () => {
  const { api, get } = setup();
  const described = await get("/api/openapi.json");
  await expect(`${JSON.stringify(described, null, 2)}\n`).toMatchFileSnapshot("../../../docs/openapi.json");

  const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(described);
  const routes = api.routes.flatMap(({ method, path }) =>
    method === "ALL" ? [] : [`${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`],
  );
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(told.toSorted()).toEqual(routes.toSorted());
});

test("the API's answers match docs/openapi.json, with no other field", async () => {
  const { inbox, next, get } = setup();
  for (const file of ["f1", "f2", "f3"]) {
    const body = { EventType: "NewFileUpload", FileId: file };
    const about = { receipt: `whole-receipt-${file}`, fingerprint: fingerprint(source.name, body) };
    await takeIn(inbox, source, { ...about, type: "NewFileUpload", body });
  }
  const parked = await next();
  await inbox.ran({ id: parked.id ?? "", ...parked.data }, {}, { ranForMs: 3, error: "no" });
  await parked.moveToFailed(new Error("no"), "test");
  const done = await next();
  const { confirmation } = await inbox.mark({ id: done.id ?? "", ...done.data }, true, 5);
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  await done.moveToCompleted("", "test", false);

  const page = EventPage.parse(await get("/api/events?limit=2"));
  expect(page.cursor).toBeDefined();
  const answers: readonly (readonly [string, z.ZodObject])[] = [
    ["/api/events", EventPage],
    [`/api/events/${parked.id}`, EventWithLife],
    [`/api/events/${done.id}`, EventWithLife],
    ["/api/groups", Groups],
    ["/api/series?range=3h", Series],
    ["/api/history", Reach],
  ];
  for (const [path, schema] of answers) {
    const answer = await get(path);
    expect(schema.strict().safeParse(answer).error?.issues ?? [], path).toEqual([]);
    expect(JSON.stringify(answer)).not.toContain("whole-receipt");
  }
});
