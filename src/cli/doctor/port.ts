import { createServer } from "node:net";
import { z } from "zod";
import { isLoopback } from "../../settings/fields.ts";
import type { Config } from "../../config/config.ts";
import { codeOf } from "../../core/failure.ts";
import type { Finding } from "../../core/finding.ts";
import type { Check } from "./check.ts";

type Http = Config["http"];

const GROUP = "HTTP";

export function httpChecks({ http, roles }: Config): readonly Check[] {
  return [
    { group: GROUP, about: `port ${http.port}`, run: (signal) => portFindings(http, signal) },
    ...(roles.includes("http") ? [{ group: GROUP, about: "the pages", run: async () => [pagesFinding(http)] }] : []),
  ];
}

async function portFindings({ host, port }: Http, signal: AbortSignal): Promise<readonly Finding[]> {
  if (port === 0) return [{ level: "ok", fact: "PORT=0: any free port is taken, and the log says which" }];
  const place = `port ${port} of ${host}`;
  const refusal = await refusalAt(host, port);
  if (refusal === undefined) return [{ level: "ok", fact: `${place} is free` }];
  if (refusal === "EADDRINUSE") return await tenantFindings(place, urlOf(host, port), signal);
  const fact = `${place} cannot be listened on: ${refusal}`;
  if (refusal === "EACCES") return [{ level: "error", fact, fix: "set PORT to one above 1023" }];
  return [{ level: "error", fact, fix: "set HOST to an address of this machine, 127.0.0.1 or 0.0.0.0" }];
}

/** Listens for a moment. */
function refusalAt(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (err) => resolve(codeOf(err)));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

const Readiness = z.object({ ready: z.boolean(), problems: z.array(z.string()) });

async function tenantFindings(place: string, url: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const worker = await fetch(`${url}/readyz`, { signal, redirect: "manual" })
    .then((answer) => answer.json())
    .then((json) => Readiness.parse(json))
    .catch(() => undefined);
  if (!worker) {
    return [
      { level: "error", fact: `${place} is taken by another program`, fix: "stop it, or set PORT to a free one" },
    ];
  }
  if (worker.ready) return [{ level: "ok", fact: `${place}: a worker runs there, and is ready` }];
  const lines = [`${place}: a worker runs there, and is not ready`, ...worker.problems.map((text) => `- ${text}`)];
  return [{ level: "error", fact: lines.join("\n"), fix: `look at ${url}/ and at its log` }];
}

/** An address that stands for all of this machine's is no place to call. */
function urlOf(host: string, port: number): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function pagesFinding({ host, dashboard }: Http): Finding {
  if (dashboard) return { level: "ok", fact: `the pages ask for the password of "${dashboard.user}"` };
  if (host === "::1" || isLoopback(host)) {
    return { level: "ok", fact: "the pages answer this machine only, without a password" };
  }
  const fact = `HOST is ${host}, but without a password the pages answer this machine only`;
  return { level: "warn", fact, fix: "set DASHBOARD_PASSWORD to see them from elsewhere" };
}
