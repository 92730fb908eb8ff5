/** A process that loads handler modules as a worker does, each from a given working directory. */
import { z } from "zod";
import { loadHandlers } from "../../src/worker/load-handlers.ts";

const Order = z.object({ folder: z.string(), path: z.string() });

process.on("message", (message) => {
  const { folder, path } = Order.parse(message);
  process.chdir(folder);
  void answer(path);
});

async function answer(path: string): Promise<void> {
  process.send?.(await load(path));
}

async function load(path: string) {
  try {
    const { list } = await loadHandlers({ handlersPath: path, roles: ["work"] });
    return { list: list.map(({ vendor, type }) => `${vendor}/${type}`) };
  } catch (err) {
    return err instanceof Error ? { name: err.name, message: err.message } : err;
  }
}
