import type { TestProject } from "vitest/node";
import { shareCompiledModules } from "./compile-cache.ts";
import { startTestServer } from "./test-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    redis: { readonly url: string } | { readonly trouble: string };
  }
}

/** Starts one Redis for each lane that needs it. If it fails, only the tests that ask for Redis fail, with the reason. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const forget = await shareCompiledModules();
  try {
    const server = await startTestServer({ durable: false });
    project.provide("redis", { url: server.url });
    return async () => {
      await server.close();
      await forget();
    };
  } catch (err) {
    project.provide("redis", { trouble: err instanceof Error ? `${err.message} (${String(err.cause)})` : String(err) });
    return forget;
  }
}
