import { toError } from "../core/failure.ts";
import { tellStray } from "../core/strays.ts";

/** Workers of this process. */
let watching = 0;

/** A promise that a handler forgot ends no process from now on, until what is returned is called. All others do as before. */
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

/** Where nobody else listens, Node would throw it: it ends the process, or goes to whoever listens for what is thrown. */
function onRejection(reason: unknown): void {
  if (tellStray(reason) || process.listenerCount("unhandledRejection") > 1) return;
  throw reason instanceof Error ? reason : toError(reason);
}
