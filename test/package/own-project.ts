import { onTestFinished } from "vitest";
import { startFleet } from "../../src/simulators/fleet.ts";
import { setupRedis } from "../support/redis.ts";

/** Of a project of one's own. */
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

/** A simulated account, and what a worker has to know of it and of Redis. */
export async function startVendor() {
  const { url, prefix } = setupRedis();
  const fleet = await startFleet({ "tencent-vod": {} });
  onTestFinished(() => fleet.close());
  const redis = { REDIS_URL: url, QUEUE_PREFIX: prefix.replaceAll(/[{}]/g, "") };
  const env = { ...fleet.env, ...redis, PORT: "0" };
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  return { door: fleet.doors["tencent-vod"], env, redis, settings: settings.join("") };
}
