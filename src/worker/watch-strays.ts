import { toError } from "../core/failure.ts";
import { tellStray } from "../core/strays.ts";

/** Workers of this process. */
let watching = 0;

/**
 * From now on a handler's forgotten promise does not end the process. All other rejections do, as before. The returned
 * function undoes this.
 */
export function watchStrays(): () => void {
  if (watching === 0) process.on("unhandledRejection", onRejection);
  watching += 1;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    watching -= 1;
    if (watching === 0) process.off("unhandledRejection", onRejection);
  };
}

/**
 * Without other listeners Node would throw the rejection. So throw it: that ends the process, or reaches its own
 * listener.
 */
function onRejection(reason: unknown): void {
  if (tellStray(reason) || process.listenerCount("unhandledRejection") > 1) return;
  throw reason instanceof Error ? reason : toError(reason);
}
