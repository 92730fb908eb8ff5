import { beforeAll, describe, expect, test, vi } from "vitest";
import { DOCUMENTS } from "../documents/documents.ts";
import { setup } from "../http/setup.ts";
import { findProgram } from "../support/debian-programs.ts";
import { hostileRequests } from "../support/hostile-requests.ts";
import { startNginx } from "../support/nginx.ts";
import { openEvents } from "../support/probes.ts";
import { talk } from "../support/raw-http.ts";
import { setupDoors } from "../support/worker-process.ts";

const [DOCUMENTED = ""] = DOCUMENTS.flatMap(({ blocks }) => blocks)
  .filter(({ language }) => language === "nginx")
  .map(({ text }) => text);
/** A common configuration. It tells the worker nothing about the origin of a request. */
const CARELESS = "location /callbacks/ { proxy_pass http://127.0.0.1:3000; }";
const PAGE = /Open events|"openEvents"|"queues"|"problems"|"alive"/;

/** The block in front of the worker at this address. */
async function nginxFor(block: string, url: string) {
  const own = new URL(url).host;
  expect(block).toContain("127.0.0.1:3000");
  const { port, url: outside } = await startNginx(block.replaceAll("127.0.0.1:3000", own));
  const attack = async () => {
    for (const [what, bytes] of hostileRequests(own)) {
      const { statuses, text } = await talk(port, Buffer.from(bytes, "latin1"), { quietMs: 2_000 });
      expect(
        statuses.filter((status) => status < 400),
        what,
      ).toEqual([]);
      expect(text, what).not.toMatch(PAGE);
    }
  };
  return { outside, attack };
}

beforeAll(async () => {
  await findProgram("nginx");
});

test("the nginx tests use more than thirty hostile requests, and the documented nginx block", () => {
  expect(hostileRequests("127.0.0.1:3000").length).toBeGreaterThan(30);
  expect(DOCUMENTED).toContain("location /callbacks/");
});

describe("a stranger's request through nginx reaches no page", { timeout: 60_000 }, () => {
  test.each([
    ["the documented block", DOCUMENTED],
    ["a careless one", CARELESS],
  ])("if the same port serves callbacks and pages: %s", async (_what, block) => {
    const { url, pages } = await setup();
    const { attack } = await nginxFor(block, url);

    await attack();

    for (const page of [pages.openEvents, pages.discard, pages.end, pages.retry]) expect(page).not.toHaveBeenCalled();
    expect((await fetch(`${url}/status.json`)).status, "they are open to this machine").toBe(200);
  });

  test("and genuine callbacks reach their handlers", async () => {
    const doors = { "tencent-vod-push": {}, "alibaba-vod": {}, zegocloud: { encoding: "percent" } } as const;
    const world = await setupDoors(doors, { suffix: "a-suffix-nobody-guesses" });
    const worker = await world.embed();
    const { outside, attack } = await nginxFor(DOCUMENTED, worker.url);
    world.fleet.callWorkerAt(outside);
    world.publish("parked", { permanent: true });
    await vi.waitFor(async () => expect(await openEvents(worker)).toHaveLength(1));

    await attack();

    const names = Object.keys(doors);
    for (const name of names) world.publish(name, {}, name);
    for (const name of names) {
      await vi.waitFor(() => expect(world.phasesOf(name)).toEqual(["start", "success"]));
      await vi.waitFor(() => expect(world.seen(name)).toMatchObject({ timesDelivered: 1, confirmations: 1 }));
    }
    expect(await openEvents(worker)).toHaveLength(1);
  });
});
