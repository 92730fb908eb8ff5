import { createServer } from "node:net";
import { once } from "node:events";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import type { HttpEnv } from "../../src/http/access/guard.ts";
import { serve, type ServeOptions } from "../../src/http/serve.ts";
import { PASSWORD, SIGNED_IN, setup } from "./setup.ts";

const PAGES = ["/", "/status.json", "/desk.js", "/dashboard", "/dashboard/api/queues"];
const PROBES = ["/healthz", "/readyz", "/metrics"];
const CALLBACK = "/callbacks/vendor";

const dashboard = { user: "operator", password: PASSWORD };
const callbacks = async () => new Hono<HttpEnv>().post(CALLBACK, (c) => c.text("taken"));

async function open(changes: Partial<ServeOptions> = {}) {
  const { options, pages, lines } = await setup();
  const served = await serve({ ...options, callbacks, ...changes });
  onTestFinished(() => served.close());
  return { ...served, pages, log: () => lines.join("") };
}

test("without a password a process that takes callbacks serves no pages, and logs what to set", async () => {
  const { url, pagesUrl, pages, log } = await open();

  expect(pagesUrl).toBeUndefined();
  for (const path of PAGES) expect(await statusAt(url, path), path).toBe(404);
  for (const path of ["/events/retry", "/events/discard", "/events/end", "/handlers/limit"])
    expect(await statusAt(url, path, { method: "POST", headers: { "sec-fetch-site": "same-origin" } })).toBe(404);
  expect(await statusAt(url, CALLBACK, { method: "POST" })).toBe(200);
  expect(pages.openEvents).not.toHaveBeenCalled();
  expect(log()).toMatch(/"level":40.*no pages are served: .*set DASHBOARD_PASSWORD, or PAGES_PORT/);
});

test("without a password a process that takes no callbacks serves the pages on PORT", async () => {
  const { url, pagesUrl, log } = await open({ callbacks: undefined });

  expect(pagesUrl).toBe(url);
  for (const path of [...PAGES, ...PROBES]) expect(await statusAt(url, path), path).toBe(200);
  expect(log()).not.toContain("no pages are served");
});

test("with a password callbacks and pages share PORT", async () => {
  const { url, pagesUrl } = await open({ dashboard });

  expect(pagesUrl).toBe(url);
  for (const path of PAGES) expect(await statusAt(url, path), path).toBe(401);
  expect(await statusAt(url, "/", { headers: { authorization: SIGNED_IN } })).toBe(200);
  expect(await statusAt(url, CALLBACK, { method: "POST" })).toBe(200);
});

test("/readyz/callbacks answers only on PORT, and only if callbacks are taken there", async () => {
  const problem = { code: "redis-full", fact: "Redis is full", fix: "make room" } as const;
  const answers = [
    { ready: true, problems: [] },
    { ready: false, problems: [problem] },
  ];
  const readCallbacks = async () => answers.shift() ?? { ready: true, problems: [] };
  const { url, pagesUrl } = await open({ pagesPort: 0, readCallbacks });
  const path = "/readyz/callbacks";

  expect(await statusAt(url, path)).toBe(200);
  const refusing = await fetch(`${url}${path}`);
  expect([refusing.status, await refusing.json()]).toEqual([503, { ready: false, problems: [problem] }]);
  expect(await statusAt(pagesUrl ?? "", path)).toBe(404);
  expect(await statusAt((await open({ callbacks: undefined })).url, path)).toBe(404);
});

describe("with PAGES_PORT", () => {
  test.each([
    ["without a password", {}],
    ["with a password", { dashboard }],
    ["without callbacks", { callbacks: undefined }],
  ])("PORT serves no page: %s", async (_what, changes) => {
    const { url, pagesUrl, pages } = await open({ pagesPort: 0, ...changes });

    expect(pagesUrl).not.toBe(url);
    for (const path of PAGES)
      expect(await statusAt(url, path, { headers: { authorization: SIGNED_IN } }), path).toBe(404);
    expect(pages.openEvents).not.toHaveBeenCalled();
  });

  test("each port answers probes and its own paths", async () => {
    const { url, pagesUrl, log } = await open({ pagesPort: 0 });

    for (const path of PROBES)
      for (const at of [url, pagesUrl]) expect(await statusAt(at, path), `${at}${path}`).toBe(200);
    for (const path of PAGES) expect(await statusAt(pagesUrl, path), path).toBe(200);
    expect(await statusAt(url, CALLBACK, { method: "POST" })).toBe(200);
    expect(await statusAt(pagesUrl, CALLBACK, { method: "POST" })).toBe(404);
    expect(log()).not.toContain("no pages are served");
  });

  test("pages on PAGES_PORT ask for the password too", async () => {
    const { pagesUrl } = await open({ pagesPort: 0, dashboard });

    expect(await statusAt(pagesUrl, "/")).toBe(401);
    expect(await statusAt(pagesUrl, "/", { headers: { authorization: SIGNED_IN } })).toBe(200);
  });

  test("without a password pages listen on this machine only, whatever HOST is", async () => {
    const { url, pagesUrl } = await open({ host: "0.0.0.0", pagesPort: 0 });

    expect(url).toMatch(/^http:\/\/localhost:/);
    expect(pagesUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test("with a password pages listen on HOST", async () => {
    const { pagesUrl } = await open({ host: "0.0.0.0", pagesPort: 0, dashboard });

    expect(pagesUrl).toMatch(/^http:\/\/localhost:/);
  });

  test("a PAGES_PORT in use is an error that names the setting, and leaves nothing open", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    const pagesPort = address !== null && typeof address === "object" ? address.port : 0;
    const port = await freePort();

    await expect(open({ port, pagesPort })).rejects.toThrow(
      `PAGES_PORT: cannot listen on 127.0.0.1 port ${pagesPort}: another program uses it; stop that one or set PAGES_PORT to a free port`,
    );
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});

async function statusAt(url: string | undefined, path: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(`${url}${path}`, { redirect: "manual", ...init })).status;
}
