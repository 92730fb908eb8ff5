/**
 * The worker of `dev` has its own process, because only a new process loads changed modules. It tells its parent which
 * files it loads and where it answers. It stops in order on a signal, and when its parent is gone.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { orExit } from "../exit.ts";
import { main } from "../start.ts";
import type { Message } from "./child.ts";

registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:") && !url.includes("/node_modules/")) tell({ loaded: fileURLToPath(url) });
    return next(url, context);
  },
});
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));

await orExit(() => main(process.env, { onStarted: ({ url, pagesUrl }) => tell({ running: { url, pagesUrl } }) }));

function tell(message: Message): void {
  if (process.connected) process.send?.(message);
}
