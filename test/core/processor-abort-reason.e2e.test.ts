/** A handler passes its signal to a library, which throws its own error. The failure must still name the abort's reason. */
import { exec } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as nap } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const LATE = "the handler took longer than 50 ms";

test.each<[how: string, handle: (signal: AbortSignal) => unknown]>([
  ["fetch", async (signal) => fetch(await silentServer(), { signal })],
  ["a timer of Node's", (signal) => nap(60_000, undefined, { signal })],
  ["waiting for an event", (signal) => once(new EventTarget(), "done", { signal })],
  ["a child process", (signal) => new Promise((_, reject) => exec("exec sleep 60", { signal }, reject))],
  ["a file that is read late", (signal) => aborted(signal).then(() => readFile("/dev/null", { signal }))],
  ["throwIfAborted", (signal) => aborted(signal).then(() => signal.throwIfAborted())],
  ["a DOMException", (signal) => aborted(signal).then(() => fail(new DOMException("aborted", "AbortError")))],
  ["a signal joined with others", (signal) => nap(60_000, undefined, { signal: joined(signal) })],
])("a handler that is aborted in %s fails with the reason of its signal", async (_, handle) => {
  const { processor, find, said } = setup();
  vi.useRealTimers();
  find.mockReturnValue({ run: ({ signal }) => handle(signal), attempts: 1, backoffMs: 1_000, timeoutMs: 50 });

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "parked", error: { message: LATE } });
  expect(said("error")).toEqual(["parked: it stays until someone retries or discards it"]);
});

test.each<[what: string, thrown: (reason: unknown) => unknown, told: string]>([
  ["an error of the handler's own", () => new Error("no copy"), `${LATE}: no copy`],
  ["one caused by the reason", (cause) => new Error("no copy", { cause }), `${LATE}: no copy`],
  [
    "a fetch that failed because of it",
    (cause) => new TypeError("fetch failed", { cause: abortError(cause) }),
    `${LATE}: fetch failed`,
  ],
  ["nothing at all", () => undefined, `${LATE}: undefined was thrown`],
])("%s, thrown after the abort, is logged behind the abort's reason", async (_, thrown, told) => {
  const { processor, run, lines } = setup({ timeoutMs: 50 });
  run.mockImplementation(({ signal }) => aborted(signal).then(() => fail(thrown(signal.reason))));
  const outcome = processor.process(eventOf(), FIRST);

  await pass(50);

  expect(await outcome).toMatchObject({ kind: "retry", error: { message: told } });
  expect(lines.at(-1)).toMatchObject({ err: { message: told } });
});

test.each<[what: string, thrown: Error, outcome: object]>([
  ["parks", new PermanentError("hopeless"), { kind: "parked", error: { message: `${LATE}: hopeless` } }],
  ["asks for a pause", new RetryAfterError("busy", 90_000), { kind: "retry", afterMs: 90_000 }],
])("a handler that %s when its time is up gets what it asks for", async (_, thrown, expected) => {
  const { processor, run } = setup({ timeoutMs: 50 });
  run.mockImplementation(({ signal }) => aborted(signal).then(() => fail(thrown)));
  const outcome = processor.process(eventOf(), FIRST);

  await pass(50);

  expect(await outcome).toMatchObject(expected);
});

test("an abort of the handler's own, before its time is up, is logged as it is", async () => {
  const { processor, run } = setup({ timeoutMs: 50 });
  run.mockImplementation(() => fetch("http://127.0.0.1/", { signal: AbortSignal.abort() }));

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ error: { message: "This operation was aborted" } });
});

test("an attempt that is given up because the process stops has that as its reason", async () => {
  const { processor, run, lines } = setup();
  run.mockImplementation(({ signal }) => nap(60_000, undefined, { signal }));
  const outcome = processor.process(eventOf(), FIRST);

  await processor.drain(AbortSignal.abort(), 60_000);

  expect(await outcome).toEqual({ kind: "returned" });
  expect(lines.at(-1)).toMatchObject({ err: { message: "the process is stopping" } });
});

/** Takes connections and never answers. */
async function silentServer(): Promise<string> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function joined(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
}

function abortError(cause: unknown): Error {
  return Object.assign(new Error("This operation was aborted", { cause }), { name: "AbortError" });
}

function fail(thrown: unknown): never {
  throw thrown;
}
