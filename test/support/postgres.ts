import { onTestFinished } from "vitest";
import { startPostgresServer } from "./postgres-server.ts";

/** A PostgreSQL of a test's own, gone after it. Find the program in a `beforeAll`. */
export async function startPostgres() {
  const { close, ...server } = await startPostgresServer({ durable: false });
  onTestFinished(close);
  return server;
}
