import { createServer } from "node:net";

/** A port of the loopback address that was free a moment ago: whoever takes it must be ready to lose it. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port of this machine is free");
  return address.port;
}
