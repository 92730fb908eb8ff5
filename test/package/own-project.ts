import { onTestFinished } from "vitest";
import { startFleet } from "../../src/simulators/fleet.ts";
import { setupRedis } from "../support/redis.ts";

/** The handlers of a user's own project. */
export const OWN_HANDLERS = `
  import { type Handler, PermanentError } from "reliable-callback";
  import { on } from "reliable-callback/tencent-vod";

  const handlers: readonly Handler[] = [
    on("NewFileUpload", ({ FileId }, { log }) => log.info({ file: FileId }, "from a handler of its own")),
    on("FileDeleted", () => { throw new PermanentError("nobody knows it"); }),
  ];
  export default handlers;
  export const close = () => console.log(JSON.stringify({ level: 30, msg: "closed" }));
`;

/** Handlers as docs/handlers.md shows them to a newcomer: a type's own content, and the treatment of failed work. */
export const NEWCOMERS_HANDLERS = `
  import type { Handler } from "reliable-callback";
  import { on } from "reliable-callback/tencent-vod";

  const handlers: readonly Handler[] = [
    on(
      "ConcatComplete",
      async ({ TaskId, FileInfoSet }, { log }) => log.info({ task: TaskId, files: FileInfoSet?.length }, "joined"),
      { failed: "park" },
    ),
  ];
  export default handlers;
`;

export const NEWCOMERS_TEST = `
  import assert from "node:assert/strict";
  import { test } from "node:test";
  import { run, sample } from "reliable-callback/testing";
  import handlers from "./handlers.ts";

  test("joined files are handled, and a failure is parked", async () => {
    const failed = { body: { ConcatCompleteEvent: { FileInfoSet: [{ ErrCode: 70000, Message: "no room" }] } } };

    assert.equal((await run(handlers, sample("tencent-vod", "ConcatComplete"))).outcome, "handled");
    assert.equal((await run(handlers, sample("tencent-vod", "ConcatComplete", failed))).outcome, "parked");
  });
`;

/** A simulated account, and the worker's settings for it and for Redis. */
export async function startVendor() {
  const { url, prefix } = setupRedis();
  const fleet = await startFleet({ "tencent-vod": {} });
  onTestFinished(() => fleet.close());
  const redis = { REDIS_URL: url, QUEUE_PREFIX: prefix.replaceAll(/[{}]/g, "") };
  const env = { ...fleet.env, ...redis, PORT: "0" };
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  return { door: fleet.doors["tencent-vod"], env, redis, settings: settings.join("") };
}
