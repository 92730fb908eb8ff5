import type { TestProject } from "vitest/node";
import { shareCompiledModules } from "./compile-cache.ts";
import { startTestServer } from "./test-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    redis: { readonly url: string } | { readonly trouble: string };
  }
}

/** One Redis for each lane that has one. Tests that need none run without it too: only those that ask for it hear what is wrong. */
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
