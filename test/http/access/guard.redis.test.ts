import { connect } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createHttpApp } from "../../../src/http/routes.ts";
import { PASSWORD, SIGNED_IN, setup } from "../setup.ts";

const dashboard = { user: "operator", password: PASSWORD };
const GUARDED = [
  "/",
  "/status.json",
  "/desk.js",
  "/dashboard",
  "/dashboard/",
  "/dashboard/api/queues",
  "/dashboard/static/favicon.ico",
];
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

describe("without a password", () => {
  test.each(["localhost", "localhost:3000", "LOCALHOST:3000", "127.0.0.1", "127.0.0.1:3000", "[::1]", "[::1]:3000"])(
    "a browser on this machine that asks for %s gets the pages",
    async (host) => {
      const { ask } = await setup();

      expect(await ask("/", { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  test.each([
    "worker.example.com",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "127.0.0.1:3000.example.com",
    "example.com:3000",
    "localhost@example.com",
    "example.com#localhost",
    "0.0.0.0:3000",
    "[::ffff:127.0.0.1]:3000",
    "localhost:3000, example.com",
    "localhost.:3000",
  ])("a foreign page that lets its own name resolve to this machine is refused: %s", async (host) => {
    const { ask } = await setup();

    const { status, text } = await ask("/", { headers: { host } });

    expect([400, 403]).toContain(status);
    expect(text).not.toContain("Open events");
  });

  test.each([
    ["no Host", "GET / HTTP/1.0\r\n\r\n"],
    ["an empty Host", "GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n"],
    ["two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\nConnection: close\r\n\r\n"],
    ["two Hosts, ours last", "GET / HTTP/1.1\r\nHost: example.com\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
    ["a list of Hosts", "GET / HTTP/1.1\r\nHost: localhost, example.com\r\nConnection: close\r\n\r\n"],
    ["a folded Host", "GET / HTTP/1.1\r\nHost: localhost\r\n .example.com\r\nConnection: close\r\n\r\n"],
    ["the version that plain proxies speak", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"],
    ["an older version", "GET / HTTP/0.9\r\nHost: localhost\r\n\r\n"],
    ["no version", "GET /\r\n\r\n"],
    ["another protocol", "GET / RTSP/1.0\r\nHost: localhost\r\n\r\n"],
    ["a version that nobody speaks here", "GET / HTTP/2.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
    ["a whole URL", "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
  ])("a request with %s is refused", async (_what, head) => {
    const { server } = await setup();

    expect(await raw(server.address.port, head)).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test.each([
    ["X-Forwarded-For", "127.0.0.1"],
    ["x-forwarded-host", "localhost"],
    ["x-forwarded-proto", "https"],
    ["X-Forwarded-Anything", ""],
    ["Forwarded", "for=127.0.0.1"],
    ["X-Real-IP", "127.0.0.1"],
    ["Via", "1.1 proxy"],
    ["CF-Connecting-IP", "127.0.0.1"],
    ["X-Original-Host", "localhost"],
    ["X-Client-IP", "127.0.0.1"],
    ["True-Client-IP", "127.0.0.1"],
    ["X-Amzn-Trace-Id", "Root=1"],
    ["X_Forwarded_For", "127.0.0.1"],
    ["Client-IP", "127.0.0.1"],
    ["Remote-User", "operator"],
    ["X-Rewrite-URL", "/"],
    ["Fastly-Client-IP", "127.0.0.1"],
    ["CDN-Loop", "cloudflare"],
    ["Proxy-Connection", "keep-alive"],
    ["Max-Forwards", "9"],
    ["X-ProxyUser-IP", "127.0.0.1"],
  ])("a request that came through a proxy or tunnel is refused: %s", async (name, value) => {
    const { ask } = await setup();

    const { status, text } = await ask("/", { headers: { host: "localhost", [name]: value } });

    expect(status).toBe(403);
    expect(text).toContain("DASHBOARD_PASSWORD");
  });

  test.each(["203.0.113.7", "10.0.0.5", "128.0.0.1", "::2", "fe80::1%eth0", "::ffff:10.0.0.5", undefined])(
    "a caller at %s is refused, whatever Host header it sends",
    async (remoteAddress) => {
      const answer = await fromPeer(remoteAddress);

      expect(answer.status).toBe(403);
    },
  );

  test.each(["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])(
    "a caller at %s counts as this machine",
    async (peer) => {
      const answer = await fromPeer(peer);

      expect(answer.status).toBe(200);
    },
  );

  test("every page and action follows this rule", async () => {
    const { ask, pages } = await setup();
    const headers = { host: "example.com", "sec-fetch-site": "same-origin" };

    for (const path of GUARDED) expect(await ask(path, { headers }), path).toMatchObject({ status: 403 });
    for (const path of ["/events/retry", "/events/discard", "/events/end", "/handlers/limit"])
      expect(await ask(path, { method: "POST", headers, body: "id=e-parked" }), path).toMatchObject({ status: 403 });
    expect(pages.retry).not.toHaveBeenCalled();
  });
});

describe("with a password", () => {
  afterEach(() => void vi.useRealTimers());

  test("every page and action asks for it, also from this machine", async () => {
    const { ask, pages } = await setup({ dashboard });

    for (const path of GUARDED) expect(await ask(path), path).toMatchObject({ status: 401 });
    const headers = { "sec-fetch-site": "same-origin" };
    expect(await ask("/events/retry", { method: "POST", headers, body: "id=e-parked" })).toMatchObject({ status: 401 });
    expect(pages.retry).not.toHaveBeenCalled();
    expect((await ask("/")).headers["www-authenticate"]).toMatch(/^Basic realm=/);
  });

  test("the right one opens the pages from anywhere, also through a proxy", async () => {
    const { ask } = await setup({ dashboard });
    const headers = { authorization: SIGNED_IN, host: "worker.example.com", "x-forwarded-for": "203.0.113.7" };

    for (const path of ["/", "/status.json", "/dashboard"])
      expect(await ask(path, { headers }), path).toMatchObject({ status: 200 });
  });

  test.each([
    ["a wrong password", basic("operator", "wrong")],
    ["a wrong user", basic("admin", PASSWORD)],
    ["the password's beginning", basic("operator", PASSWORD.slice(0, -1))],
    ["nothing in it", basic("", "")],
    ["no colon", `Basic ${Buffer.from("operator").toString("base64")}`],
    ["another scheme", `Bearer ${PASSWORD}`],
    ["what is not base64", "Basic !!!"],
  ])("%s is refused", async (_what, authorization) => {
    const { ask } = await setup({ dashboard });

    expect(await ask("/", { headers: { authorization } })).toMatchObject({ status: 401 });
  });

  test("another spelling of a guarded path is guarded as well", async () => {
    const { ask } = await setup({ dashboard });

    for (const path of [
      "/%64ashboard",
      "//dashboard",
      "/./dashboard",
      "/dashboard/../status.json",
      "/healthz/../status.json",
      "/dashboard;x/api/queues",
      "/DASHBOARD",
    ])
      expect([400, 401, 404], path).toContain((await ask(path)).status);
  });

  test("the password appears in no log line, wherever somebody typed it", async () => {
    const { ask, lines } = await setup({ dashboard });

    await ask("/", { headers: { authorization: basic("operator", `${PASSWORD}x`) } });
    await ask("/", { headers: { authorization: basic(PASSWORD, "operator") } });

    expect(lines.filter((line) => line.includes("login to the dashboard refused"))).toHaveLength(2);
    expect(lines.join("")).toContain("127.0.0.1");
    expect(lines.join("")).not.toContain("correct horse");
  });

  test("the right password still works after any number of wrong ones from the same address", async () => {
    const { ask } = await setup({ dashboard });
    const guess = () => ask("/status.json", { headers: { authorization: basic("operator", "guess") } });

    for (let i = 0; i < 100; i++) expect(await guess()).toMatchObject({ status: 401 });

    expect(await ask("/", { headers: { authorization: SIGNED_IN } })).toMatchObject({ status: 200 });
    expect((await guess()).headers["www-authenticate"], "the browser asks again").toMatch(/^Basic realm=/);
  });

  test("wrong passwords do not fill the log, which names the first address", async () => {
    const { ask, lines } = await setup({ dashboard });
    const guess = (path: string) => ask(path, { headers: { authorization: basic("operator", "guess") } });
    const logged = () => lines.filter((line) => line.includes("login to the dashboard refused"));

    for (let i = 0; i < 30; i++) for (const path of ["/status.json", "/dashboard"]) await guess(path);
    expect(logged().filter((line) => line.includes('"level":40'))).toEqual([
      expect.stringContaining('"address":"127.0.0.1"'),
    ]);
  });

  test("a request without credentials does not count as a wrong password", async () => {
    const { ask, lines } = await setup({ dashboard });

    await ask("/");

    expect(lines.join("")).not.toContain("refused");
  });
});

async function raw(port: number, head: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(head);
  return await readAll(socket);
}

async function fromPeer(remoteAddress: string | undefined): Promise<Response> {
  const { options } = await setup();
  const { callbacks: _, ...rest } = options;
  const env = { incoming: { socket: { remoteAddress }, httpVersion: "1.1", url: "/" } };
  return await createHttpApp(rest).request("/", { headers: { host: "localhost:3000" } }, env);
}
