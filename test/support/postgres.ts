import { onTestFinished } from "vitest";
import { startPostgresServer } from "./postgres-server.ts";

/** A PostgreSQL for one test. It is removed after the test. Call `findProgram` in a `beforeAll`. */
export async function startPostgres() {
  const { close, ...server } = await startPostgresServer({ durable: false });
  onTestFinished(close);
  return server;
}
