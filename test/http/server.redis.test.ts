import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Hono } from "hono";
import { expect, onTestFinished, test, vi } from "vitest";
import type { HttpEnv } from "../../src/http/access/guard.ts";
import { awakeMs } from "../support/awake-time.ts";
import { setup } from "./setup.ts";

test("a PORT in use is an error that names the port and the setting", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await vi.waitFor(() => expect(other.listening).toBe(true));
  onTestFinished(() => void other.close());
  const port = portOf(other.address());

  await expect(setup({ port })).rejects.toThrow(
    `PORT: cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that one or set PORT to a free port`,
  );
});

test("an address that this machine does not have is an error that names HOST", async () => {
  await expect(setup({ host: "203.0.113.7" })).rejects.toThrow(/^HOST: cannot listen on 203\.0\.113\.7 .*set HOST/);
});

test("a server on all addresses prints a URL that a person can open", async () => {
  const { server } = await setup({ host: "0.0.0.0" });

  expect(server.address.url).toBe(`http://localhost:${server.address.port}`);
});

test("an idle connection stays open longer than load balancers keep theirs", async () => {
  const { server } = await setup({ requestMs: 100 });
  const socket = connect(server.address.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let heard = "";
  socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  const answers = () => heard.match(/"alive":true/g)?.length ?? 0;
  const request = "GET /healthz HTTP/1.1\r\nHost: worker.example\r\n\r\n";

  socket.write(request);
  await vi.waitFor(() => expect(answers()).toBe(1));
  // The server closes each of these connections as too slow. So it has looked for slow connections several times.
  for (let i = 0; i < 3; i++) await text(connect(server.address.port, "127.0.0.1"));
  socket.write(request);
  await vi.waitFor(() => expect(answers()).toBe(2));

  const [, seconds] = /\r\nKeep-Alive: timeout=(\d+)\r\n/.exec(heard) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(65);
});

test("idle connections are closed if there are too many", async () => {
  const { server, ask } = await setup({ maxConnections: 3 });
  const closed = vi.fn();
  for (let i = 0; i < 3; i++) {
    const idle = connect(server.address.port, "127.0.0.1").on("close", closed);
    onTestFinished(() => void idle.destroy());
    idle.write("GET /healthz HTTP/1.1\r\nHost: worker.example\r\n\r\n");
    await once(idle, "data");
  }

  await expect(ask("/healthz"), "the one too many").rejects.toThrow();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(3));
  expect(await ask("/healthz")).toMatchObject({ status: 200 });
});

test("a request that comes before the routes are loaded waits for them", async () => {
  const loaded = Promise.withResolvers<Hono<HttpEnv>>();
  const { ask } = await setup({ callbacks: () => loaded.promise });
  let isAnswered = false;
  const answer = ask("/callbacks", { method: "POST", body: "early" }).finally(() => (isAnswered = true));

  expect(await ask("//callbacks"), "an ambiguous request needs no routes").toMatchObject({ status: 400 });
  expect(isAnswered).toBe(false);
  loaded.resolve(readingDoor());
  expect(await answer).toMatchObject({ status: 200, text: "early" });
});

test("routes are loaded without a request, and a failure to load them is logged and answered 500", async () => {
  const { ask, lines } = await setup({ callbacks: () => Promise.reject(new Error("no such module")) });

  await vi.waitFor(() => expect(lines.join("")).toMatch(/"level":50.*no such module.*cannot be loaded/), 5_000);
  expect(await ask("/healthz")).toMatchObject({ status: 500 });
});

test("closing the server ends idle connections at once, and a second close does no harm", async () => {
  const { server, url } = await setup();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  await new Promise((resolve) => get(`${url}/healthz`, { agent }, (answer) => answer.resume().on("end", resolve)));

  expect(await awakeMs(() => Promise.all([server.close(), server.close()]))).toBeLessThan(1_500);

  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test("closing the server cuts off an endless answer after two seconds", async () => {
  const hang = vi.fn(() => new Promise<never>(() => {}));
  const { server, url } = await setup({ callbacks: async () => hangingDoor(hang) });
  const asked = fetch(`${url}/callbacks/hang`, { method: "POST" }).catch(() => "cut off");
  await vi.waitFor(() => expect(hang).toHaveBeenCalled());

  expect(await awakeMs(() => server.close())).toBeLessThan(4_000);

  expect(await asked).toBe("cut off");
});

test.each([
  ["its head", "POST /callbacks HTTP/1.1\r\nX-Slow: "],
  ["its body", "POST /callbacks HTTP/1.1\r\nHost: worker.example\r\nContent-Length: 9\r\n\r\nhalf"],
])("a request whose %s is not there in time is ended", async (_, half) => {
  const { server } = await setup({ requestMs: 200, callbacks: async () => readingDoor() });
  const socket = connect(server.address.port, "127.0.0.1");
  socket.write(half);

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test("pushed callbacks need neither the password nor our own pages as origin", async () => {
  const door = new Hono<HttpEnv>().post("/callbacks/vendor", (c) => c.text("taken"));
  const { ask } = await setup({ dashboard: { user: "operator", password: "secret" }, callbacks: async () => door });

  const answer = await ask("/callbacks/vendor", {
    method: "POST",
    body: "{}",
    headers: { origin: "https://vendor.example", "x-forwarded-for": "203.0.113.7" },
  });

  expect(answer).toMatchObject({ status: 200, text: "taken" });
});

test("a failed request is answered with one sentence and logged in full, without the secret suffix of its path", async () => {
  const door = new Hono<HttpEnv>().post("/callbacks/vendor/:suffix", () => {
    throw new Error("no such table: secrets");
  });
  const { ask, lines } = await setup({ callbacks: async () => door });

  const { status, text: said } = await ask("/callbacks/vendor/unguessable-end", { method: "POST" });

  expect(status).toBe(500);
  expect(said).toBe("This did not work; the worker's log says why.\n");
  expect(lines.join("")).toContain("no such table: secrets");
  expect(lines.join("")).toContain('"area":"/callbacks"');
  expect(lines.join("")).not.toContain("unguessable-end");
});

function hangingDoor(hang: () => Promise<never>) {
  return new Hono<HttpEnv>().post("/callbacks/hang", async () => await hang());
}

function readingDoor() {
  return new Hono<HttpEnv>().post("/callbacks", async (c) => c.text(await c.req.text()));
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}
