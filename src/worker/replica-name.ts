import { hostname } from "node:os";

let named = 0;

/** Of one worker among all that share a Redis. A process that embeds workers may run several. */
export function replicaName(): string {
  named += 1;
  const process_ = `${hostname()}:${process.pid}`;
  return named === 1 ? process_ : `${process_}.${named}`;
}
