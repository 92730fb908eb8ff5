import { hostname } from "node:os";

let named = 0;

/** The name of one worker among all that share a Redis. One process may embed several workers. */
export function replicaName(): string {
  named += 1;
  const process_ = `${hostname()}:${process.pid}`;
  return named === 1 ? process_ : `${process_}.${named}`;
}
