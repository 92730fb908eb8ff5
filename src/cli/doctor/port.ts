import { createServer } from "node:net";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { codeOf } from "../../core/failure.ts";
import { HEALTH_STATES } from "../../core/health.ts";
import { textOf } from "../../core/problems.ts";
import type { Finding } from "../../core/finding.ts";
import { hostOfPages, type PagesPlace, placeOfPages } from "../../http/serve.ts";
import { takesCallbacks } from "../../worker/doors.ts";
import type { Check } from "./check.ts";

type Place = {
  readonly setting: "PORT" | "PAGES_PORT";
  readonly host: string;
  readonly port: number;
  /** The address of the pages; missing if this process serves none. */
  readonly pagesUrl: string | undefined;
};

const GROUP = "HTTP";

export function httpChecks(config: Config): readonly Check[] {
  const { http, roles } = config;
  const place = placeOfPages({ ...http, takesCallbacks: takesCallbacks(config) });
  const pages: Omit<Place, "pagesUrl"> = { setting: "PAGES_PORT", host: hostOfPages(http), port: http.pagesPort ?? 0 };
  const besideUrl = place === "beside callbacks" ? urlOf(http.host, http.port) : undefined;
  const pagesUrl = place === "apart" ? urlOf(pages.host, pages.port) : besideUrl;
  const places: readonly Place[] = [
    { setting: "PORT", host: http.host, port: http.port, pagesUrl },
    ...(place === "apart" && roles.includes("http") ? [{ ...pages, pagesUrl }] : []),
  ];
  return [
    ...places.map((one): Check => {
      return { group: GROUP, about: `port ${one.port}`, run: (signal) => portFindings(one, signal) };
    }),
    ...(roles.includes("http")
      ? [{ group: GROUP, about: "the pages", run: async () => [pagesFinding(http, place)] }]
      : []),
  ];
}

async function portFindings(place: Place, signal: AbortSignal): Promise<readonly Finding[]> {
  const { setting, host, port } = place;
  if (port === 0) return [{ level: "ok", fact: `${setting}=0: any free port is taken, and the log says which` }];
  const name = `port ${port} of ${host}`;
  const refusal = await refusalAt(host, port);
  if (refusal === undefined) return [{ level: "ok", fact: `${name} is free` }];
  if (refusal === "EADDRINUSE") return await tenantFindings(name, place, signal);
  const fact = `${name} cannot be listened on: ${refusal}`;
  if (refusal === "EACCES") return [{ level: "error", fact, fix: `set ${setting} to one above 1023` }];
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

const Readiness = z.object({
  state: z.enum(HEALTH_STATES),
  problems: z.array(z.object({ source: z.string().exactOptional(), fact: z.string(), fix: z.string() })),
});

async function tenantFindings(name: string, place: Place, signal: AbortSignal): Promise<readonly Finding[]> {
  const { setting, host, port, pagesUrl } = place;
  const worker = await fetch(`${urlOf(host, port)}/readyz`, { signal, redirect: "manual" })
    .then((answer) => answer.json())
    .then((json) => Readiness.parse(json))
    .catch(() => undefined);
  if (!worker) {
    const fact = `${name} is taken by another program`;
    return [{ level: "error", fact, fix: `stop it, or set ${setting} to a free one` }];
  }
  const { state, problems } = worker;
  if (state === "ready") return [{ level: "ok", fact: `${name}: a worker runs there, and is ready` }];
  const stands = state === "attention" ? "is ready, and something needs attention" : "is not ready";
  const lines = [`${name}: a worker runs there, and ${stands}`, ...problems.map((problem) => `- ${textOf(problem)}`)];
  const fix = pagesUrl === undefined ? "look at its log" : `look at ${pagesUrl}/ and at its log`;
  return [{ level: state === "attention" ? "warn" : "error", fact: lines.join("\n"), fix }];
}

/** `0.0.0.0` and `::` mean every address of this machine. They cannot be called. */
function urlOf(host: string, port: number): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function pagesFinding({ host, dashboard }: Config["http"], place: PagesPlace): Finding {
  if (place === "nowhere") {
    const fact = "no pages are served, since callbacks are taken on PORT and nobody has a password";
    return {
      level: "warn",
      fact,
      fix: "set DASHBOARD_PASSWORD, or PAGES_PORT for pages that answer this machine only",
    };
  }
  if (dashboard) return { level: "ok", fact: `the pages ask for the password of "${dashboard.user}"` };
  if (hostOfPages({ host }) === host) {
    return { level: "ok", fact: "the pages answer this machine only, without a password" };
  }
  const fact = `HOST is ${host}, but without a password the pages answer this machine only`;
  return { level: "warn", fact, fix: "set DASHBOARD_PASSWORD to see them from elsewhere" };
}
