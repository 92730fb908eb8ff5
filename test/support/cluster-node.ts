import { spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";
import { environmentOf, redisProgram } from "./redis-program.ts";
import { tempFolder } from "./temp-folder.ts";

/** A single node of a Redis cluster, without slots. It is removed after the test. */
export async function startClusterNode() {
  const [port, busPort] = [await freePort(), await freePort()];
  const command = await redisProgram();
  const settings = { port, "cluster-enabled": "yes", "cluster-port": busPort, bind: "127.0.0.1", save: "" };
  const node = spawn(
    command.path,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    {
      cwd: await tempFolder(),
      stdio: "ignore",
      env: environmentOf(command),
    },
  );
  onTestFinished(async () => {
    if (node.exitCode === null && node.kill("SIGKILL")) await once(node, "exit");
  });
  const url = `redis://127.0.0.1:${port}`;
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  redis.on("error", () => {}); // the first connections fail, until the node listens
  onTestFinished(() => redis.disconnect());
  await redis.ping();
  return { port, busPort, url, redis };
}
