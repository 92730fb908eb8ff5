import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ConfigError, type Handler, PermanentError, startWorker, type WorkerLog } from "reliable-callback";
import { z } from "zod";
import type { App } from "../../src/worker/app-contract.ts";
import { startApp } from "../../src/worker/app.ts";
import { readConfig } from "../../src/config/config.ts";

import { recordingLog } from "../support/recording.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { setupWorld } from "../support/worker-process.ts";

async function setup() {
  const { simulator, env, allConfirmed } = await setupWorld();
  const handled: string[] = [];
  const handlers: readonly Handler[] = [
    { vendor: "tencent-vod", type: "NewFileUpload", run: ({ event }) => void handled.push(event.id) },
  ];
  return { simulator, env, allConfirmed, handled, handlers };
}

async function stopAfterwards<T extends Pick<App, "stop">>(starting: Promise<T>): Promise<T> {
  const worker = await starting;
  onTestFinished(() => worker.stop());
  return worker;
}

function logFake() {
  return { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies WorkerLog;
}

/** The global state that a program around the worker would notice. */
function surroundings() {
  const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)] as const);
  return {
    listeners: Object.fromEntries<number | undefined>(listeners),
    env: { ...process.env },
    exitCode: process.exitCode,
    cwd: process.cwd(),
  };
}

function globals(): ReadonlyMap<string, unknown> {
  const all = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  return new Map(all.map(([name, { get, value }]) => [name, get ?? value]));
}

test("an embedded worker handles, confirms and stops, and changes nothing in the embedding program", async () => {
  const { simulator, env, allConfirmed, handled, handlers } = await setup();
  const known = globals();
  const before = surroundings();

  const worker = await stopAfterwards(startWorker({ env, handlers, log: logFake() }));
  simulator.publish("NewFileUpload", { count: 3 });
  await vi.waitFor(() => expect(handled).toHaveLength(3));
  await allConfirmed();

  expect(await worker.status()).toMatchObject({ roles: ["pull", "work", "http"] });
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
  // The worker adds one listener for rejections. It names the event of a handler's rejection and leaves others alone.
  const { unhandledRejection = 0 } = before.listeners;
  const listeners = { ...before.listeners, unhandledRejection: unhandledRejection + 1 };
  expect(surroundings()).toEqual({ ...before, listeners });
  await worker.stop();
  await worker.stop();
  expect(await worker.ended).toBeUndefined();
  await expect(fetch(`${worker.url}/healthz`)).rejects.toThrow();
  expect(surroundings()).toEqual(before);
  // The vendor's SDK adds compiler helpers as globals. Their names begin with `__` and replace nothing.
  const changed = [...globals()].filter(
    ([name, value]) => !name.startsWith("__") && !Object.is(known.get(name), value),
  );
  expect(changed).toEqual([]);
});

test("an embedded worker writes into the program's log from LOG_LEVEL on, with errors as plain fields", async () => {
  const { simulator, env } = await setup();
  const log = logFake();
  const handlers: readonly Handler[] = [
    {
      vendor: "*",
      type: "*",
      run(context) {
        context.log.info({ mine: 1 }, "from a handler");
        throw new PermanentError("hopeless");
      },
    },
  ];

  const worker = await stopAfterwards(startWorker({ env: { ...env, LOG_LEVEL: "info" }, handlers, log }));
  simulator.publish("NewFileUpload");
  await vi.waitFor(() => expect(log.error).toHaveBeenCalled());

  expect(log.info).toHaveBeenCalledWith(expect.objectContaining({ url: worker.url, handlers: { "*": 1 } }), "started");
  expect(log.info).toHaveBeenCalledWith(
    expect.objectContaining({ mine: 1, vendor: "tencent-vod", type: "NewFileUpload" }),
    "from a handler",
  );
  const [fields, message] = log.error.mock.calls[0] ?? [];
  expect(message).toMatch(/^parked/);
  expect(fields).toMatchObject({ err: { type: "PermanentError", message: "hopeless" } });
  expect(log.debug).not.toHaveBeenCalled();
});

test("two workers in one process share the work and have different names", async () => {
  const { env, handlers } = await setup();
  const [one, other] = await Promise.all(
    [1, 2].map(() => stopAfterwards(startWorker({ env, handlers, log: logFake() }))),
  );

  await vi.waitFor(async () => expect((await one?.status())?.replicas).toHaveLength(2));
  const names = await Promise.all([one?.status(), other?.status()]);
  expect(new Set(names.map((status) => status?.name)).size).toBe(2);
});

test("a handler of an unknown type is logged at the start, and is a mistake if `strict` is set", async () => {
  const { env } = await setup();
  const log = logFake();
  const handlers: readonly Handler[] = [{ vendor: "tencent-vod", type: "ConcatCompleted", run: () => {} }];

  await expect(startWorker({ env, handlers, strict: true, log })).rejects.toThrow(ConfigError);
  await stopAfterwards(startWorker({ env, handlers, log }));

  const told = expect.stringMatching(/^handlers: a handler is for "ConcatCompleted".* did you mean ConcatComplete\?$/);
  expect(log.warn).toHaveBeenCalledWith(expect.anything(), told);
  expect(log.info).toHaveBeenCalledWith(expect.objectContaining({ handlers: { "tencent-vod": 1 } }), "started");
});

test("mistakes in settings and handlers are one ConfigError, before anything starts", async () => {
  const { env, handlers } = await setup();
  const log = logFake();
  const broken = { ...env, PORT: "many", CONCURRENCY: "0" };

  const refused: unknown = await startWorker({ env: broken, handlers, log }).catch((err: unknown) => err);

  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({
    mistakes: [expect.stringMatching(/^CONCURRENCY: /), expect.stringMatching(/^PORT: /)],
  });
  const twice = startWorker({ env, handlers: [...handlers, ...handlers], log });
  await expect(twice).rejects.toThrow(/^handlers has two handlers for vendor "tencent-vod", type "NewFileUpload"/);
  // @ts-expect-error: not a list
  await expect(startWorker({ env, handlers: {}, log })).rejects.toThrow(
    "handlers: an object is not a list of handlers",
  );
  expect(log.info).not.toHaveBeenCalled();
});

test("a worker that cannot go on stops by itself, and `ended` gives the reason", async () => {
  const { env, handlers } = await setup();
  const { log, lines } = recordingLog();
  const broken = new Error("broken");
  const app = await stopAfterwards(
    startApp({
      config: readConfig({ ...env, HANDLERS: undefined }),
      handlers: { list: handlers },
      log,
      beforeStart({ sources: [source] }) {
        if (!source) throw new Error("no source");
        const { name } = source;
        let isBroken = false;
        Object.defineProperty(source, "name", {
          get() {
            if (isBroken) throw broken;
            return name;
          },
        });
        source.pull = async () => {
          isBroken = true;
          throw new Error("no pull");
        };
      },
    }),
  );

  expect(await app.ended).toMatchObject({ message: "broken" });
  expect(lines).toContainEqual(expect.objectContaining({ level: 60, msg: "unexpected error, stopping" }));
  expect(z.array(z.unknown()).parse(lines.filter(({ msg }) => msg === "stopped"))).toHaveLength(1);
});

test("a password file that changes takes effect without a restart, and an emptied file changes nothing", async () => {
  const { env, handlers } = await setup();
  const path = join(await tempFolder(), "password");
  await writeFile(path, "the first password");
  const log = logFake();
  const worker = await stopAfterwards(startWorker({ env: { ...env, DASHBOARD_PASSWORD_FILE: path }, handlers, log }));
  const answerTo = async (password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
    return (await fetch(`${worker.url}/status.json`, { headers: { authorization } })).status;
  };
  expect(await answerTo("the first password")).toBe(200);

  await writeFile(path, "the second password");
  await expect.poll(() => answerTo("the second password"), { timeout: 30_000 }).toBe(200);
  expect(await answerTo("the first password")).toBe(401);

  await writeFile(path, "");
  await vi.waitFor(() => expect(log.error).toHaveBeenCalled(), { timeout: 30_000 });
  expect(log.error.mock.calls[0]?.[0]).toMatchObject({
    mistakes: [expect.stringMatching(/^DASHBOARD_PASSWORD_FILE: .*is empty/)],
  });
  expect(await answerTo("the second password")).toBe(200);
});
