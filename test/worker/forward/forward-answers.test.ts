import { describe, expect, test, vi } from "vitest";
import { PermanentError, RetryAfterError } from "../../../src/core/errors.ts";
import { messageOf } from "../../../src/core/failure.ts";
import { setup, status } from "./forward-setup.ts";

describe("the status of a forward receiver's answer", () => {
  test.each([200, 201, 202, 204, 299])("%d handles the event", async (code) => {
    const { run } = await setup(status(code));

    await expect(run()).resolves.toBeUndefined();
  });

  test.each([410, 422])("%d parks the event", async (code) => {
    const { failure, origin } = await setup(status(code, { "retry-after": "5" }));

    const error = await failure();

    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toHaveProperty("message", `${origin} answered ${code}`);
  });

  test.each([400, 401, 404, 408, 409, 429, 500, 502, 503])(
    "%d is tried again, and the error shows neither the answer nor the URL's query",
    async (code) => {
      const { failure, origin } = await setup(status(code));

      expect(await failure()).toEqual(new Error(`${origin} answered ${code}`));
    },
  );

  test.each([301, 302, 303, 307, 308])("%d is not followed, and the error says so", async (code) => {
    const { failure, received, origin } = await setup(status(code, { location: "/elsewhere" }));

    expect(await failure()).toEqual(
      new Error(`${origin} answered ${code}, a redirect, which is not followed; use the final address`),
    );
    expect(received).toHaveLength(1);
  });
});

describe("the Retry-After of a forward receiver", () => {
  test("is kept in seconds", async () => {
    const { failure, origin } = await setup(status(429, { "retry-after": "120" }));

    const error = await failure();

    expect(error).toBeInstanceOf(RetryAfterError);
    expect(error).toMatchObject({ afterMs: 120_000, message: `${origin} answered 429` });
  });

  test("is kept as a date", async () => {
    const inTenMinutes = new Date(Date.now() + 600_000).toUTCString();
    const { failure } = await setup(status(503, { "retry-after": inTenMinutes }));

    const error = await failure();

    if (!(error instanceof RetryAfterError)) throw new Error("no RetryAfterError", { cause: error });
    expect(error.afterMs).toBeGreaterThan(540_000);
    expect(error.afterMs).toBeLessThanOrEqual(600_000);
  });

  test.each(["86400", "Fri, 31 Dec 2099 23:59:59 GMT"])("is limited to an hour: %s", async (value) => {
    const { failure } = await setup(status(503, { "retry-after": value }));

    expect(await failure()).toMatchObject({ name: "RetryAfterError", afterMs: 3_600_000 });
  });

  test.each(["0", "soon", "-5", "Mon, 01 Jan 2001 00:00:00 GMT"])("is ignored if it is invalid: %s", async (value) => {
    const { failure, origin } = await setup(status(503, { "retry-after": value }));

    expect(await failure()).toEqual(new Error(`${origin} answered 503`));
  });
});

describe("if the call to a forward receiver fails,", () => {
  test("the error names the receiver without path and query", async () => {
    const { failure, origin, close } = await setup(status(200));
    close();

    const told = `cannot reach ${origin}: fetch failed: connect ECONNREFUSED ${new URL(origin).host}`;
    expect(messageOf(await failure())).toBe(told);
  });

  test("a receiver that does not answer is given up at the attempt's time limit", async () => {
    const { failure } = await setup(() => {});

    expect(await failure({ signal: AbortSignal.timeout(50) })).toHaveProperty("name", "TimeoutError");
  });

  test("a connection that breaks before the answer is tried again", async () => {
    const { failure, origin } = await setup((request) => request.socket.destroy());

    expect(messageOf(await failure())).toBe(`cannot reach ${origin}: fetch failed: other side closed`);
  });

  test("an aborted attempt ends at once with the reason of the abort", async () => {
    const stop = new AbortController();
    const reason = new Error("time is up");
    const { failure } = await setup(() => stop.abort(reason));

    expect(await failure({ signal: stop.signal })).toBe(reason);
  });

  test("an answer that breaks off after its status counts", async () => {
    const { run } = await setup((request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => request.socket.destroy());
    });

    await expect(run()).resolves.toBeUndefined();
  });

  test("an endless answer is cut off", async () => {
    const { run } = await setup((_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(16_384);
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", pour);
      pour();
    });

    await expect(run()).resolves.toBeUndefined();
  });

  test("an answer whose end never comes does not delay the event", async () => {
    const { run } = await setup((_, response) => {
      response.writeHead(200).write("and");
    });
    const timers = vi.spyOn(globalThis, "setTimeout");
    const ended = run();
    const twoSeconds = () => timers.mock.calls.find(([, ms]) => ms === 2_000)?.[0];

    (await vi.waitUntil(twoSeconds))();

    await expect(ended).resolves.toBeUndefined();
  });
});
