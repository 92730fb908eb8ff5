import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { groupedLog } from "../../support/grouped-log.ts";
import { ForgedError } from "../../../src/core/errors.ts";
import type { PushInbox } from "../../../src/core/inbox.ts";
import type { Meter } from "../../../src/core/meter.ts";
import type { PushedCall, Receiver } from "../../../src/core/receiver.ts";
import { callbacks } from "../../../src/http/callbacks/endpoints.ts";
import { createHttpApp } from "../../../src/http/routes.ts";
import { statusOf } from "../../support/status.ts";

const MIB = 1024 * 1024;
const SUFFIX = "a-suffix-nobody-guesses";

/** A call is genuine if it carries the header `x-genuine`. */
function receiverOf(vendor: string, path = `/callbacks/${vendor}`): Receiver {
  return {
    vendor,
    source: path,
    path,
    memoryMs: 60_000,
    patienceMs: 300,
    receive({ headers, body }: PushedCall) {
      if (!headers["x-genuine"]) throw new ForgedError("the signature does not fit");
      const text = new TextDecoder().decode(body);
      return [{ source: path, type: "Told", fingerprint: text, body: { text } }];
    },
  };
}

type Changes = { suffixes?: readonly string[]; push?: PushInbox["push"]; maxBytesInHand?: number };

function setup({ suffixes, push = async () => "add", maxBytesInHand = 32 * MIB }: Changes = {}) {
  const lines: string[] = [];
  const log = groupedLog(pino({ level: "info" }, { write: (line: string) => void lines.push(line) }));
  const inbox = { push: vi.fn(push) };
  const meter: Meter = { count: vi.fn(), observe: vi.fn() };
  const receivers = [receiverOf("loud"), receiverOf("loud", "/callbacks/loud/15"), receiverOf("quiet")];
  const app = createHttpApp({
    log,
    status: async () => statusOf(),
    metrics: { contentType: "text/plain", text: async () => "" },
    callbacks: callbacks({ receivers, settings: { suffixes, maxBytesInHand }, inbox, log, meter }),
  });
  const post = (path: string, body = "hello", headers: Record<string, string> = { "x-genuine": "yes" }) =>
    app.request(path, { method: "POST", body, headers });
  return { app, post, inbox, meter, lines };
}

describe("a pushed callback", () => {
  test("gets its 200 only once its event is stored", async () => {
    const durable = Promise.withResolvers<"add">();
    const { post, inbox } = setup({ push: () => durable.promise });
    let answered = false;
    const answer = Promise.resolve(post("/callbacks/loud")).finally(() => (answered = true));
    await vi.waitFor(() => expect(inbox.push).toHaveBeenCalledOnce());
    expect(answered).toBe(false);
    durable.resolve("add");
    expect((await answer).status).toBe(200);
    expect(inbox.push).toHaveBeenCalledWith(
      { vendor: "loud", source: "/callbacks/loud", type: "Told", fingerprint: "hello", bodyJson: '{"text":"hello"}' },
      60_000,
      expect.any(AbortSignal),
    );
  });

  test.each([
    ["is kept with the event", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true],
    ["that is none is left out", '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1', false],
  ])("with a traceparent header %s", async (_, traceparent, isKept) => {
    const { post, inbox } = setup();
    expect((await post("/callbacks/loud", "hello", { "x-genuine": "yes", traceparent })).status).toBe(200);
    expect(inbox.push.mock.calls[0]?.[0].traceparent).toBe(isKept ? traceparent : undefined);
  });

  test("whose event is known already also gets 200", async () => {
    const { post } = setup({ push: async () => "acknowledge" });
    expect((await post("/callbacks/loud")).status).toBe(200);
  });

  test("that is forged gets 401 without a reason, and its event is not stored", async () => {
    const { post, inbox, meter, lines } = setup();
    const answer = await post("/callbacks/loud", "hello", {});
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe("no\n");
    expect(inbox.push).not.toHaveBeenCalled();
    expect(meter.count).toHaveBeenCalledWith("callbacks", { vendor: "loud", outcome: "forged" });
    expect(lines.join("")).toContain("the signature does not fit");
  });

  test("gets 503 when its event could not be stored, so that its vendor tries again", async () => {
    const { post, meter } = setup({ push: async () => Promise.reject(new Error("Redis did not answer in time")) });
    expect((await post("/callbacks/loud")).status).toBe(503);
    expect(meter.count).toHaveBeenCalledWith("callbacks", { vendor: "loud", outcome: "failed" });
  });

  test("gets 503 while too many callbacks wait, and the log says once how to make room", async () => {
    const { post, meter, lines } = setup({ push: async () => "refuse" });
    for (const answer of [await post("/callbacks/loud"), await post("/callbacks/loud")]) {
      expect(answer.status).toBe(503);
      expect(await answer.text()).toBe("full\n");
    }
    expect(meter.count).toHaveBeenCalledWith("callbacks", { vendor: "loud", outcome: "full" });
    const told = lines.filter((line) => line.includes("raise CALLBACK_MAX_WAITING or CALLBACK_MAX_WAITING_BYTES"));
    expect(told).toHaveLength(1);
  });

  test("gets 503 when the time that its vendor waits is over", async () => {
    const { post } = setup({
      push: async (_event, _memoryMs, signal) => {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("too late"))));
        return "add";
      },
    });
    expect((await post("/callbacks/loud")).status).toBe(503);
  });

  test("of more than 1 MiB gets 413", async () => {
    const { post, inbox } = setup();
    expect((await post("/callbacks/loud", "x".repeat(1024 * 1024))).status).toBe(200);
    expect((await post("/callbacks/loud", "x".repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(inbox.push).toHaveBeenCalledOnce();
  });

  test("that breaks off half way stores no event", async () => {
    const { app, inbox, meter } = setup();
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("the caller is gone")) });
    const answer = await app.request("/callbacks/loud", {
      method: "POST",
      body,
      duplex: "half",
      headers: { "x-genuine": "yes" },
    });
    expect(answer.status).toBe(400);
    expect(inbox.push).not.toHaveBeenCalled();
    expect(meter.count).toHaveBeenCalledWith("callbacks", { vendor: "loud", outcome: "cut-off" });
  });

  test("to a path without the unguessable suffix, or with another one, gets 404", async () => {
    const { post, inbox } = setup({ suffixes: [SUFFIX] });
    expect((await post(`/callbacks/loud/${SUFFIX}`)).status).toBe(200);
    for (const path of ["/callbacks/loud", "/callbacks/loud/", `/callbacks/loud/${SUFFIX}x`, "/callbacks/loud/15"]) {
      expect((await post(path)).status).toBe(404);
    }
    expect(inbox.push).toHaveBeenCalledOnce();
  });

  test("is accepted under the old and the new suffix while the suffix is changed", async () => {
    const { post, inbox } = setup({ suffixes: ["the-new-suffix-0001", SUFFIX] });
    for (const suffix of ["the-new-suffix-0001", SUFFIX])
      expect((await post(`/callbacks/loud/${suffix}`)).status).toBe(200);
    expect((await post("/callbacks/loud")).status).toBe(404);
    expect(inbox.push).toHaveBeenCalledTimes(2);
  });

  test("goes to the receiver of its path, with and without a suffix", async () => {
    const plain = setup();
    await plain.post("/callbacks/loud/15");
    expect(plain.inbox.push.mock.calls[0]?.[0]).toMatchObject({ source: "/callbacks/loud/15" });
    const suffixed = setup({ suffixes: [SUFFIX] });
    await suffixed.post(`/callbacks/loud/15/${SUFFIX}`);
    expect(suffixed.inbox.push.mock.calls[0]?.[0]).toMatchObject({ source: "/callbacks/loud/15" });
    await suffixed.post(`/callbacks/quiet/${SUFFIX}`);
    expect(suffixed.inbox.push.mock.calls[1]?.[0]).toMatchObject({ source: "/callbacks/quiet" });
  });

  test("to a vendor that is not configured, or by another method, gets 404", async () => {
    const { app, post } = setup();
    expect((await post("/callbacks/stranger")).status).toBe(404);
    expect((await app.request("/callbacks/loud")).status).toBe(404);
  });

  test("gets 503 and `busy` while too many others are being stored", async () => {
    const { post } = setup({
      push: (_event, _memoryMs, signal) => new Promise((_, reject) => signal.addEventListener("abort", reject)),
    });
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => post("/callbacks/loud", `body ${n}`)),
    );
    const busy = await Promise.all(answers.map(async (answer) => (await answer.text()) === "busy\n"));
    expect(busy.filter(Boolean)).toHaveLength(300 - 256);
    expect(answers.every(({ status }) => status === 503)).toBe(true);
  });

  test("that is forged is logged once, however many come", async () => {
    const { post, lines } = setup();
    for (let n = 0; n < 50; n++) await post("/callbacks/loud", "hello", {});
    expect(lines.filter((line) => line.includes("not genuine"))).toHaveLength(1);
  });
});
