import { createServer } from "node:net";
import { randomInt } from "node:crypto";

/** Systems choose ports above these by themselves. So nobody else gets one by chance while its server is down. */
const [FROM, TO] = [20_000, 32_000];

const given = new Set<number>();

/** A port of the loopback address that is free, and that no other test gets. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => void probe.close(() => resolve(true)));
  });
}
