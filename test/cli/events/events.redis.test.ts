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

async function started() {
  const { url, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
  const find = vi.spyOn(pages.desk, "events").mockResolvedValue({ events: [event], cursor: "more" });
  vi.spyOn(pages.desk, "event").mockImplementation(async (id) =>
    id === event.id ? { ...event, life, ...(body && { body }) } : undefined,
  );
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

test("events are listed and shown, and what vendors sent cannot move the terminal's cursor", async () => {
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

test("a mistake in the options says how to fix it", async () => {
  const { run, asStranger } = await started();
  await expect(run("list", "state:stuck")).rejects.toThrow("no state is called stuck");
  await expect(run("show", "ev-2")).rejects.toThrow("no event has this id");
  await expect(run("show")).rejects.toThrow("events show takes one id");
  await expect(run("list", "--limit", "0")).rejects.toThrow("--limit takes a number");
  await expect(run("find")).rejects.toThrow("there is events list and events show");
  await expect(asStranger()).rejects.toThrow(/answered 401: .*DASHBOARD_PASSWORD/);
  await expect(events({}, ["list", "--url", "http://127.0.0.1:9"])).rejects.toThrow("is the worker running");
});
