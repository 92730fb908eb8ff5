import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { SimulatorOptions } from "../../src/simulators/tencent-vod/server.ts";
import { run as runHandler } from "../../src/testing/public.ts";
import { setupAccount } from "./run-command.ts";

const PEEK = ["--peek"];

test("peek shows waiting events by type with one sample each, and runs, confirms and leaves behind nothing", async () => {
  const { simulator, peek, folder } = await setupAccount();
  simulator.publish("NewFileUpload", { count: 20 });
  simulator.publish("FileDeleted", { body: { FileIdSet: ["file-7"] } });

  const { code, out } = await peek();

  expect(code).toBe(0);
  expect(out).toMatch(/ok +events are set to be pulled/);
  expect(out).toContain("the vendor's own count, minutes old: 21 to pull");
  expect(out).toMatch(/NewFileUpload +20 +no, would be parked/);
  expect(out).toMatch(/FileDeleted +1 +no, would be parked/);
  expect(out).toContain('"file-7"');
  expect(out).toMatch(/21 events are now hidden from other consumers for 30 s, then back by themselves/);
  expect(simulator.stats()).toMatchObject({ delivered: 21, confirmed: 0, unconfirmed: 21 });
  expect(simulator.stats().calls).not.toHaveProperty("ConfirmEvents");
  expect(await readdir(folder)).toEqual(["handlers.mjs"]);
});

test("peek shows a sample without its receipt, nulls and control characters, and cuts long text", async () => {
  const { simulator, peek } = await setupAccount();
  const Tags = Array.from({ length: 500 }, (_, n) => `tag-${n}`);
  simulator.publishBody(
    { EventType: "Odd", Name: "\u001b[2Jclear\u009b", FileDeleteEvent: null, Tags },
    { handle: "a-receipt-of-its-own" },
  );

  const { out } = await peek();

  expect(out).toContain("tag-0");
  expect(out).not.toContain("tag-499");
  expect(out).toMatch(/\.\.\. and \d+ more characters/);
  expect(out).not.toContain("a-receipt-of-its-own");
  expect(out).not.toContain("FileDeleteEvent");
  expect(out).not.toMatch(/[^\P{Cc}\n]/u);
});

test("peek shows which types have a handler, and what the worker would do with the others", async () => {
  const { simulator, peek, folder } = await setupAccount();
  simulator.publish("NewFileUpload");
  simulator.publish("FileDeleted");
  const module = join(folder, "handlers.mjs");
  await writeFile(
    module,
    `export default [{ vendor: "tencent-vod", type: "NewFileUpload", run() { throw new Error("ran") } }];`,
  );
  const forwarding = { FORWARD_URL: "http://127.0.0.1:9/", FORWARD_SECRET: `whsec_${"A".repeat(32)}` };

  const alone = await peek({ HANDLERS: module, UNHANDLED: "confirm" });
  expect(alone.out).toMatch(/NewFileUpload +1 +yes/);
  expect(alone.out).toMatch(/FileDeleted +1 +no, would be confirmed unseen/);

  simulator.publish("FileDeleted");
  const forwarded = await peek({ HANDLERS: module, ...forwarding });
  expect(forwarded.out).toMatch(/FileDeleted +1 +no, goes to FORWARD_URL/);
});

test("peek saves waiting events for tests, without receipts, and anonymous if asked", async () => {
  const { simulator, peek, folder } = await setupAccount({ windowMs: 1_000 });
  const real = "5285485487985271487";
  simulator.publishBody({ EventType: "FileDeleted", FileDeleteEvent: { FileIdSet: [real] } }, { handle: "a-receipt" });
  const saved = async (name: string): Promise<string> => await readFile(join(folder, "events", name), "utf8");

  const first = await peek({}, ["--save", "events"]);
  expect(first).toMatchObject({
    code: 0,
    out: expect.stringMatching(/1 event saved in events, as the vendor sent them/),
  });
  await vi.waitFor(() => expect(simulator.stats().visible).toBe(1));
  expect(await peek({}, ["--save", "events", "--anonymous"])).toMatchObject({ code: 0 });

  const event = JSON.parse(await saved("tencent-vod.FileDeleted.1.json"));
  expect(event).toMatchObject({ type: "FileDeleted", body: { FileDeleteEvent: { FileIdSet: [real] } } });
  expect(await runHandler({ vendor: "tencent-vod", type: "FileDeleted", run() {} }, event)).toMatchObject({
    outcome: "handled",
  });
  const other = await saved("tencent-vod.FileDeleted.2.json");
  expect(other).toMatch(/"FileIdSet": \[\s+"\d{19}"/);
  expect(other).not.toContain(real);
  expect(JSON.stringify(event) + other).not.toContain("a-receipt");
  expect(simulator.stats()).toMatchObject({ confirmed: 0, unconfirmed: 1 });

  expect(await peek({}, ["--anonymous"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--anonymous needs --save DIR"),
  });
});

test("peek reports an empty queue as empty", async () => {
  const { peek } = await setupAccount();

  const { code, out } = await peek();

  expect(code).toBe(0);
  expect(out).toContain("Nothing is waiting, or others have pulled it within the last 30 s.");
});

test("peek stops after about 200 events and leaves the rest to others", async () => {
  const { simulator, peek } = await setupAccount();
  simulator.publish("NewFileUpload", { count: 400 });

  const { out } = await peek();

  expect(out).toMatch(/208 events pulled, and then stopped looking: there may be more/);
  expect(simulator.stats().visible).toBe(192);
});

test("peek shows each application under its own name", async () => {
  const { simulator, peek } = await setupAccount({ subAppIds: [1500000001, 1500000002] });
  simulator.publish("NewFileUpload", { subAppId: 1500000002, count: 2 });

  const { out } = await peek({ TENCENT_VOD_SUB_APP_IDS: "1500000001,1500000002" });

  expect(out).toMatch(
    /tencent-vod\/1500000001\n[^]*Nothing is waiting[^]*tencent-vod\/1500000002\n[^]*2 events pulled/,
  );
});

test("peek needs no Redis, whichever roles the settings name", async () => {
  const { peek } = await setupAccount();

  expect(await peek({ ROLES: "pull" })).toMatchObject({ code: 0, err: "" });
  expect(await peek({ REDIS_URL: "redis://127.0.0.1:1" })).toMatchObject({ code: 0, err: "" });
});

test.each<[what: string, account: Partial<SimulatorOptions>, env: Record<string, string>, fix: RegExp]>([
  ["a wrong key", {}, { TENCENTCLOUD_SECRET_KEY: "another" }, /fix: check TENCENTCLOUD_SECRET_KEY: the signature/],
  ["a clock six minutes off", { clockOffsetMs: 360_000 }, {}, /fix: set this machine's clock/],
  ["no permission to pull", { denied: ["PullEvents"] }, {}, /PullEvents: [^]*fix: allow this key .* vod:PullEvents/],
  ["an account in PUSH mode", { mode: "PUSH" }, {}, /PUSH[^]*fix: in the VOD console/],
])("peek ends with the fact and the fix at %s", async (_, account, env, fix) => {
  const { peek } = await setupAccount(account);

  const { code, out } = await peek(env);

  expect(code).toBe(1);
  expect(out).toMatch(/problem /);
  expect(out).toMatch(fix);
});

test("if a call fails, peek still shows the events that were pulled before", async () => {
  const { simulator, start } = await setupAccount({ longPollMs: 60_000 });
  simulator.publish("NewFileUpload", { count: 3 });
  const peeking = start(PEEK);
  await vi.waitFor(() => expect(simulator.stats().calls["PullEvents"]).toBe(2));

  simulator.faults.inject({ action: "PullEvents", kind: "drop-after" });
  simulator.publish("FileDeleted");

  const { code, out } = await peeking.ended;
  expect(code).toBe(1);
  expect(out).toMatch(/problem +PullEvents: no answer/);
  expect(out).toMatch(/3 events pulled before that\.[^]*NewFileUpload +3/);
});

test("peek reports mistakes in the settings as a start does", async () => {
  const { run } = await setupAccount();
  const mistaken = { TENCENTCLOUD_SECRET_KEY: "", CONCURRENCY: "many", HOST: "?" };

  const peeked = await run(PEEK, mistaken);

  expect(peeked).toMatchObject({ code: 2, out: "" });
  expect(peeked.err).toMatch(/TENCENTCLOUD_SECRET_KEY: is not set[^]*CONCURRENCY: [^]*HOST: /);
  expect(await run([], mistaken)).toEqual(peeked);
});

test("Ctrl-C ends peek, which then shows the events seen so far", async () => {
  const { simulator, start } = await setupAccount({ longPollMs: 60_000 });
  simulator.publish("NewFileUpload", { count: 16 });
  const peeking = start(PEEK);
  await vi.waitFor(() => expect(simulator.stats().calls["PullEvents"]).toBe(2));

  peeking.kill("SIGINT");

  expect(await peeking.ended).toMatchObject({ code: 130, out: expect.stringMatching(/16 events pulled before you/) });
});
