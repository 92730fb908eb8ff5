import { expect, test, vi } from "vitest";
import type { DeskEvent } from "../../../src/desk/contract.ts";
import { CursorError } from "../../../src/desk/desk.ts";
import { PASSWORD, SIGNED_IN, setup } from "../setup.ts";

const event: DeskEvent = {
  id: "ev-1",
  vendor: "tencent-vod",
  source: "tencent-vod",
  door: "pull",
  type: "NewFileUpload",
  state: "parked",
  subjects: ["5285890784246869930"],
  firstSeen: "2030-01-01T00:00:00.000Z",
  deliveries: 1,
  attempts: 20,
};

test("/api answers with what the desk finds, behind the same password as the pages", async () => {
  const { ask, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
  for (const path of ["/api/events", "/api/events/ev-1", "/api/groups"]) expect((await ask(path)).status).toBe(401);

  const events = vi.spyOn(pages.desk, "events").mockResolvedValue({ events: [event], cursor: "next" });
  const signedIn = { headers: { authorization: SIGNED_IN } };
  const answer = await ask("/api/events?search=state:parked+x&limit=3&cursor=before", signedIn);
  expect(JSON.parse(answer.text)).toEqual({ events: [event], cursor: "next" });
  expect(answer.headers["cache-control"]).toBe("no-store");
  const search = expect.objectContaining({ states: ["parked"], words: ["x"] });
  expect(events).toHaveBeenCalledWith({ search, limit: 3, cursor: "before" });

  vi.spyOn(pages.desk, "event").mockImplementation(async (id) =>
    id === "ev-1" ? { ...event, body: { a: 1 }, life: [] } : undefined,
  );
  expect(JSON.parse((await ask("/api/events/ev-1", signedIn)).text)).toMatchObject({ body: { a: 1 } });
  expect((await ask("/api/events/ev-2", signedIn)).status).toBe(404);
});

test("a mistake in a query of /api is reported, and nothing is read", async () => {
  const { ask, pages } = await setup();
  const events = vi.spyOn(pages.desk, "events");
  for (const [query, words] of [
    ["search=state:stuck", "no state is called stuck"],
    ["limit=0", "limit: takes a number from 1 to 500"],
    ["limit=many", "limit: takes"],
  ]) {
    const { status, text } = await ask(`/api/events?${query}`, { headers: { host: "localhost" } });
    expect({ status, error: JSON.parse(text).error }).toEqual({
      status: 400,
      error: expect.stringContaining(words ?? ""),
    });
  }
  expect(events).not.toHaveBeenCalled();

  events.mockRejectedValue(new CursorError("this cursor is not valid"));
  expect((await ask("/api/events?cursor=x", { headers: { host: "localhost" } })).status).toBe(400);
});
