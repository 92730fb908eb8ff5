import { readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../support/free-port.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { WITHOUT_PROXIES } from "../support/process.ts";
import { KEYS, setupAccount } from "./run-command.ts";

const DOCTOR = ["doctor"];

const FORWARD_SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

test("doctor lists each part with its mark and exits with 0 if everything works", async () => {
  const { simulator, doctor, folder } = await setupAccount();
  simulator.publish("NewFileUpload", { count: 7 });
  const module = join(folder, "handlers.mjs");
  await writeFile(module, `export default [{ vendor: "tencent-vod", type: "NewFileUpload", run() {} }];`);
  const redis = await startOwnRedis();

  const { code, out, err } = await doctor({
    HANDLERS: module,
    REDIS_URL: redis.url,
    ARCHIVE_DIR: "archive",
    FORWARD_URL: `${simulator.url}/events`,
    FORWARD_SECRET,
  });

  expect(err).toBe("");
  expect(out).toMatch(/ok +Node 2\d\.\d+\.\d+, .*\/node/);
  expect(out).toMatch(/ok +the clock agrees/);
  expect(out).toMatch(/ok +handled: NewFileUpload\n +ok +every other type goes to FORWARD_URL/);
  expect(out).toMatch(/(ok|warning) +127\.0\.0\.1:\d+ answers in [\d.]+ ms, its clock is [\d.]+ s/);
  expect(out).toMatch(/ok +Redis \d+\.\d+\.\d+ is set up as it must be/);
  expect(out).toMatch(/ok +Redis keeps what it is given: a key was written and read back/);
  expect(out).toMatch(/tencent-vod\n +ok +events are set to be pulled[^]*\n +ok +7 to pull, by the vendor's own count/);
  expect(out).toMatch(/ok +http:\/\/127\.0\.0\.1:\d+ can be reached/);
  expect(out).toMatch(/ok +the archive: archive does not exist yet and can be made, [\d.]+ GB free/);
  expect(out).toMatch(/\n0 problems, /);
  expect(code).toBe(0);
  expect(simulator.stats().calls).not.toHaveProperty("PullEvents");
  expect(await readdir(folder)).toEqual(["handlers.mjs"]);
});

test("doctor lists every problem with its fix, shows no secret, and exits with 1", async () => {
  const { doctor, folder } = await setupAccount();
  await writeFile(join(folder, "file"), "");
  const taken = await listen((_, response) => void response.end("something else"));
  const secrets = {
    TENCENTCLOUD_SECRET_KEY: "a-wrong-vendor-key",
    REDIS_URL: "redis://someone:redis-password@127.0.0.1:1",
    FORWARD_URL: `http://127.0.0.1:${await freePort()}/secret-path`,
    FORWARD_SECRET,
    DASHBOARD_PASSWORD: "dashboard-password",
  };

  const { code, out, err } = await doctor({ ...secrets, ARCHIVE_DIR: "file/archive", PORT: String(taken) });

  expect(code).toBe(1);
  expect(out).toMatch(
    /problem +REDIS_URL: no Redis answers at 127\.0\.0\.1:1 .*\n +fix: start it, or correct the address/,
  );
  expect(out).toMatch(/SignatureFailure.*\n +fix: check TENCENTCLOUD_SECRET_KEY/);
  expect(out).toMatch(/problem +http:\/\/127.* cannot be reached: ECONNREFUSED\n +fix: start the receiver/);
  expect(out).toMatch(/problem +the archive: cannot write to file\/archive .*\n +fix: make it a folder/);
  expect(out).toMatch(/problem +port \d+ of 127\.0\.0\.1 is taken by another program\n +fix: stop it, or set PORT/);
  expect(out).toMatch(/\n5 problems, 0 warnings\./);
  for (const secret of [
    KEYS.secretId,
    "a-wrong-vendor",
    "redis-password",
    "secret-path",
    "whsec_",
    "dashboard-password",
  ])
    expect(`${out}${err}`).not.toContain(secret);
});

test("doctor lists all mistakes in settings and handlers at once, and exits with 2", async () => {
  const { doctor } = await setupAccount();

  const { code, out } = await doctor({ TENCENTCLOUD_SECRET_KEY: "", CONCURRENCY: "many", HANDLERS: "gone.ts" });

  expect(code).toBe(2);
  expect(out).toMatch(/ok +Node /);
  expect(out).toMatch(/problem +CONCURRENCY: "many" is not a whole number\n +fix: use 1 to 1000/);
  expect(out).toMatch(/problem +TENCENTCLOUD_SECRET_KEY: is not set, but .*\n +fix: set both/);
  expect(out).toMatch(/problem +HANDLERS: .*gone\.ts is no file\n +fix: check the path/);
});

test("doctor reports a handlers module that cannot be used, and checks the rest all the same", async () => {
  const { doctor, folder } = await setupAccount();
  await writeFile(join(folder, "handlers.mjs"), `export default [{ vendor: "*", type: "*", run() {} }];`);
  const { url } = setupRedis();

  const { code, out } = await doctor({
    HANDLERS: "handlers.mjs",
    REDIS_URL: url,
    FORWARD_URL: "http://127.0.0.1:1",
    FORWARD_SECRET,
  });

  expect(code).toBe(2);
  expect(out).toMatch(/problem +FORWARD_URL: your handlers already have one for every type[^]*answers in/);
});

test("doctor reports a folder without handlers, unless every event is forwarded", async () => {
  const { doctor, folder } = await setupAccount();
  await rm(join(folder, "handlers.mjs"));
  const { url } = setupRedis();

  const alone = await doctor({ REDIS_URL: url });
  const forwarding = await doctor({ REDIS_URL: url, FORWARD_URL: "http://127.0.0.1:1", FORWARD_SECRET });

  expect(alone.out).toMatch(/problem +HANDLERS: is not set, and .* has no handlers\.ts, .*\n +fix: write one/);
  expect(alone.code).toBe(2);
  expect(forwarding.out).toMatch(/ok +every type goes to FORWARD_URL/);
});

test("doctor reports a check that has no answer within 5 s, and the other checks still run", async () => {
  const { simulator, doctor, folder } = await setupAccount();
  simulator.faults.inject({ kind: "latency", ms: 60_000, times: 2 });
  await writeFile(join(folder, "handlers.mjs"), "await new Promise(() => {});");
  const { url } = setupRedis();

  const { code, out } = await doctor({ REDIS_URL: url, HANDLERS: "handlers.mjs" });

  expect(out).toMatch(/problem +loading the handlers: no answer within 5\.5 s/);
  expect(out).toMatch(/answers in[^]*problem +DescribeEventsState: no answer from .* within 5000 ms[^]*HTTP\n +ok/);
  expect(code).toBe(1);
});

test("doctor recognises a worker that runs on the port, and its readiness", async () => {
  const { doctor, start } = await setupAccount();
  const { url, prefix } = setupRedis();
  const PORT = String(await freePort());
  const settings = { PORT, REDIS_URL: url, QUEUE_PREFIX: prefix };
  start([], settings);
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${PORT}/readyz`)).status).toBe(200));

  const { code, out } = await doctor(settings);

  expect(out).toMatch(/ok +port \d+ of 127\.0\.0\.1: a worker runs there, and is ready/);
  expect(code).toBe(0);
});

test("doctor reports a worker that is not ready, with the worker's own reasons", async () => {
  const { doctor } = await setupAccount();
  const problems = [
    { code: "pull-silent", source: "a", fact: "no pull for 5 min", fix: "look at the network" },
    { code: "redis-away", fact: "Redis is away", fix: "bring it back" },
  ];
  const body = JSON.stringify({ state: "not-ready", ready: false, problems });
  const port = await listen((_, response) => void response.writeHead(503).end(body));

  const { code, out } = await doctor({ PORT: String(port) });

  expect(out).toMatch(
    /problem +port .* is not ready\n +- a: no pull for 5 min; look at the network\n +- Redis is away; bring it back\n +fix: look at http/,
  );
  expect(code).toBe(1);
});

test("doctor warns of a proxy that this Node cannot use", async () => {
  const { run } = await setupAccount();

  const { out } = await run(DOCTOR, { HTTPS_PROXY: "http://user:s3cret@proxy:3128", ...WITHOUT_PROXIES });

  expect(out).toMatch(/warning +HTTPS_PROXY: Node .* cannot use it, calls .* directly\n +fix: run Node 24\.5 or newer/);
  expect(out).not.toContain("s3cret");
});

test("doctor warns of pages that listen for other machines without a password", async () => {
  const { doctor } = await setupAccount();

  const { out } = await doctor({ HOST: "0.0.0.0" });

  expect(out).toMatch(/warning +HOST is 0\.0\.0\.0, but .*this machine only\n +fix: set DASHBOARD_PASSWORD/);
});

test("doctor warns if no pages are served, and PAGES_PORT brings them back", async () => {
  const { doctor } = await setupAccount();
  const pushed = { CALLBACK_SUFFIX: "0123456789abcdef" };
  const PAGES_PORT = String(await freePort());

  const [without, apart] = await Promise.all([doctor(pushed), doctor({ ...pushed, PAGES_PORT })]);

  expect(without.out).toMatch(/warning +no pages are served, .*\n +fix: set DASHBOARD_PASSWORD, or PAGES_PORT/);
  expect(apart.out).toMatch(new RegExp(`ok +port ${PAGES_PORT} of 127\\.0\\.0\\.1 is free`));
  expect(apart.out).toMatch(/ok +the pages answer this machine only, without a password/);
});

test("doctor reports a port for the pages that another program uses", async () => {
  const { doctor } = await setupAccount();
  const taken = await listen((_, response) => void response.end("something else"));

  const { out } = await doctor({ PAGES_PORT: String(taken) });

  expect(out).toMatch(/problem +port \d+ of 127\.0\.0\.1 is taken by another program\n +fix: .*or set PAGES_PORT to a/);
});

test.each([
  [-600_000, /problem +the clock is (599|60\d) s ahead of .*\n +fix: set it, best by NTP/],
  [120_000, /warning +the clock is 1\d\d s behind .*\n +fix: set it, best by NTP/],
])("doctor reports a clock that differs by %i ms from the vendor's", async (offset, expected) => {
  const { doctor } = await setupAccount();
  const port = await listen((_, response) => {
    response.writeHead(200, { date: new Date(Date.now() + offset).toUTCString() }).end();
  });

  const { out } = await doctor({ TENCENT_VOD_ENDPOINT: `http://127.0.0.1:${port}` });

  expect(out).toMatch(expected);
});

async function listen(answer: RequestListener): Promise<number> {
  const port = await freePort();
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}
