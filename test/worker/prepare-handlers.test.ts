import { expect, test, vi } from "vitest";
import { prepareHandlers } from "../../src/worker/prepare-handlers.ts";

const queue = {
  attempts: 3,
  maxCrashes: 5,
  backoffMs: 1,
  handlerTimeoutMs: 1_000,
  concurrency: 1,
  maxWaiting: 1,
  maxHeld: 1,
};
const config = { queue };

async function setup(close?: () => unknown) {
  const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
  const prepared = await prepareHandlers({ list: [], ...(close && { close }) }, config, log);
  return { ...prepared, log };
}

test("the export `close` of the handlers module runs once, however often it is called", async () => {
  const own = vi.fn();
  const { close, log } = await setup(own);

  await Promise.all([close(), close()]);
  await close();

  expect(own).toHaveBeenCalledOnce();
  expect(log.error).not.toHaveBeenCalled();
});

test("a handlers module needs no `close`", async () => {
  const { close, log } = await setup();

  await close();

  expect(log.error).not.toHaveBeenCalled();
});

test.each([
  ["throws", () => boom()],
  ["rejects", async () => boom()],
])("a `close` that %s is logged, and delays nothing", async (_, own) => {
  const { close, log } = await setup(own);

  await close();

  expect(log.error).toHaveBeenCalledExactlyOnceWith(
    { err: expect.objectContaining({ message: "boom" }) },
    "the export close of the handlers module failed",
  );
});

test("a `close` that hangs is given up, and that is logged", async () => {
  const { close, log } = await setup(() => new Promise(() => {}));

  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
  await close();

  expect(timeout).toHaveBeenCalledExactlyOnceWith(3_000);
  expect(log.error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/close of .* took longer than 3000 ms/));
});

function boom(): never {
  throw new Error("boom");
}
