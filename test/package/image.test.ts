import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { nothingConfigured } from "../../src/config/nothing-configured.ts";
import { freePort } from "../support/free-port.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { startSimulator } from "../../src/simulators/tencent-vod/server.ts";
import { setupRedis } from "../support/redis.ts";
import { readCompose } from "./compose-file.ts";
import { buildBase, buildImage, type Image } from "./image.ts";

const { worker, simulator: demoSimulator, "demo-worker": demoWorker } = readCompose().services;
const PATIENCE = { timeout: 50_000, interval: 50 };

let image: Image;
let demoImage: Image;
beforeAll(async () => {
  const base = await buildBase();
  [image, demoImage] = await Promise.all([buildImage(base), buildImage(base, "demo")]);
  await base.remove();
});
afterAll(() => Promise.all([image?.remove(), demoImage?.remove()]));

test("the image handles and confirms an event, is healthy, ends on SIGTERM, and writes nothing beside its code", async () => {
  const { simulator, env } = await setup();
  const program = image.start(image.command, env);
  await vi.waitFor(() => expect(program.text()).toContain('"msg":"started"'), PATIENCE);

  const [id = ""] = simulator.publish("NewFileUpload");

  await vi.waitFor(() => expect(simulator.find(id)?.state).toBe("confirmed"), PATIENCE);
  expect(await image.start(image.healthcheck, { PORT: env.PORT }).ended).toMatchObject({ code: 0 });
  program.kill("SIGTERM");
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(await image.isUntouched()).toBe(true);
});

test("the image has no simulator, the demo's image has all of them, and otherwise both are the same", () => {
  expect(image.files.length).toBeGreaterThan(1_000);
  expect(image.files.filter(isSimulator)).toEqual([]);
  expect(demoImage.files.filter(isSimulator).length).toBeGreaterThan(50);
  expect(demoImage.files.filter((path) => !isSimulator(path))).toEqual(image.files);
});

test.each([["demo"], ["simulate"], ["dev"]])(
  "%s in the image says which image has simulators, and exits with 2",
  async (command) => {
    const program = image.start([...image.command, command], {});

    expect(await program.ended).toMatchObject({ code: 2 });
    expect(program.text()).toBe(
      `${command}: this image has no simulators; build the other one: docker build --target demo .\n`,
    );
  },
);

test("the image is unhealthy while nothing listens", async () => {
  expect(await image.start(image.healthcheck, { PORT: String(await freePort()) }).ended).toMatchObject({ code: 1 });
});

test("the image without settings says that nothing is configured, and exits with 2", async () => {
  const program = image.start(image.command, {});

  expect(await program.ended).toMatchObject({ code: 2 });
  expect(program.text()).toBe(`${nothingConfigured(VENDORS)}\n`);
});

test("the image without REDIS_URL says that it needs one, and exits with 2", async () => {
  const { env } = await setup();
  const { REDIS_URL: _, ...withoutRedis } = env;
  const program = image.start(image.command, withoutRedis);

  expect(await program.ended).toMatchObject({ code: 2 });
  expect(program.text()).toMatch(/^REDIS_URL: is not set, .*\(EACCES\); set REDIS_URL to a Redis that runs.*\n$/);
  expect(await image.isUntouched()).toBe(true);
});

test("the worker of the compose file needs only an account, and stops in order on SIGTERM", async () => {
  const { env } = await setup();
  const program = image.start(z.array(z.string()).parse(worker.command), env);
  await vi.waitFor(() => expect(program.text()).toContain('"msg":"started"'), PATIENCE);

  program.kill("SIGTERM");

  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.text()).toContain('"msg":"stopped"');
});

test("in the demo of the compose file events flow from the simulator to their confirmation, behind a password", async () => {
  const { env: own } = await setup();
  const port = String(await freePort());
  const moved = (text: string) => text.replaceAll("8787", port);
  const commandOf = (command: readonly string[] = []) => command.map(moved);
  demoImage.start(commandOf(demoSimulator.command), demoSimulator.environment);
  await vi.waitFor(async () => {
    const check = demoImage.start(commandOf(demoSimulator.healthcheck?.test.slice(1)), {});
    expect(await check.ended).toMatchObject({ code: 0 });
  }, PATIENCE);

  const { PORT, REDIS_URL, QUEUE_PREFIX } = own;
  const { TENCENT_VOD_ENDPOINT = "" } = demoWorker.environment;
  demoImage.start(demoWorker.command ?? demoImage.command, {
    ...demoWorker.environment,
    PORT,
    REDIS_URL,
    QUEUE_PREFIX,
    TENCENT_VOD_ENDPOINT: moved(TENCENT_VOD_ENDPOINT),
  });

  await vi.waitFor(async () => {
    const stats: unknown = await (await fetch(`http://127.0.0.1:${port}/control/stats`)).json();
    expect(z.object({ confirmed: z.int() }).parse(stats).confirmed).toBeGreaterThan(3);
  }, PATIENCE);
  expect((await fetch(`http://127.0.0.1:${PORT}/dashboard`)).status).toBe(401);
});

function isSimulator(path: string): boolean {
  return path.startsWith("src/simulators");
}

/** A simulated account, and an environment with the account's secrets in files that the image's user may read. */
async function setup() {
  const { url, prefix } = setupRedis();
  const credentials = { secretId: "image-id", secretKey: "image-key" };
  const simulator = await startSimulator({ ...credentials, longPollMs: 500 });
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-secrets-"));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  await chmod(folder, 0o755);
  await writeFile(join(folder, "id"), credentials.secretId);
  await writeFile(join(folder, "key"), `${credentials.secretKey}\n`);
  const env = {
    PORT: String(await freePort()),
    REDIS_URL: url,
    QUEUE_PREFIX: prefix,
    HANDLERS: "src/cli/demo-handlers.ts",
    TENCENTCLOUD_SECRET_ID_FILE: join(folder, "id"),
    TENCENTCLOUD_SECRET_KEY_FILE: join(folder, "key"),
    TENCENT_VOD_ENDPOINT: simulator.url,
  };
  return { simulator, env };
}
