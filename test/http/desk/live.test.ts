import { beforeEach, expect, test, vi } from "vitest";
import { live } from "../../../src/http/desk/live.ts";
import { statusOf } from "../../support/status.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function setup() {
  const told = { status: statusOf() };
  const readStatus = vi.fn(() => Promise.resolve(told.status));
  const closing = new AbortController();
  const app = live({ readStatus, closing: closing.signal });
  return { told, readStatus, closing, listen };

  /** A page that listens; what it heard so far, by the names of the events. */
  async function listen(headers: Readonly<Record<string, string>> = {}) {
    const answer = await app.request("/live", { headers });
    const reader = answer.body?.getReader();
    const page = { answer, heard: new Array<string>(), isOver: false, leave: () => void reader?.cancel() };
    void read();
    await vi.advanceTimersByTimeAsync(0);
    return page;

    async function read(): Promise<void> {
      for (;;) {
        const { done = true, value } = (await reader?.read()) ?? {};
        if (done) break;
        page.heard.push(
          ...[...new TextDecoder().decode(value).matchAll(/^event: (.*)$/gm)].map(([, name = ""]) => name),
        );
      }
      page.isOver = true;
    }
  }
}

test("the live stream tells a page of a change, and of nothing before it", async () => {
  const { told, listen } = setup();
  const page = await listen();

  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.heard).toEqual(["open"]);
  told.status = statusOf({ sources: [] });
  await vi.advanceTimersByTimeAsync(2_000);

  expect(page.heard).toEqual(["open", "changed"]);
  expect(page.answer.headers.get("content-type")).toBe("text/event-stream");
});

test("without changes the live stream still tells a page now and then, since ages grow", async () => {
  const { listen } = setup();
  const page = await listen();

  await vi.advanceTimersByTimeAsync(40_000);

  expect(page.heard).toEqual(["open", "changed", "changed"]);
});

test("a page that reconnects to the live stream is told at once, since it may have missed a change", async () => {
  const { listen } = setup();

  expect((await listen({ "last-event-id": "1" })).heard).toEqual(["changed"]);
});

test("a live stream ends after a minute, and at once when the server closes", async () => {
  const { listen, closing } = setup();
  const first = await listen();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(first.isOver).toBe(true);

  const second = await listen();
  expect(second.isOver).toBe(false);
  closing.abort();
  await vi.advanceTimersByTimeAsync(0);

  expect(second.isOver).toBe(true);
});

test("all open live streams share one reader of the status, which stops when all have left", async () => {
  const { readStatus, listen } = setup();
  const pages = await Promise.all([listen(), listen(), listen()]);
  readStatus.mockClear();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(readStatus).toHaveBeenCalledTimes(5);

  for (const page of pages) page.leave();
  await vi.advanceTimersByTimeAsync(2_000);
  readStatus.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(readStatus).not.toHaveBeenCalled();
});

test("the number of live streams is limited", async () => {
  const { listen } = setup();
  for (let count = 0; count < 256; count++) await listen();

  expect((await listen()).answer.status).toBe(503);
});
