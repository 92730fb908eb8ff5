import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { SECRETS, VARIABLES } from "../../src/config/all-settings.ts";
import { loadHandlers } from "../../src/worker/load-handlers.ts";
import { readCompose } from "./compose-file.ts";
import { PROJECT, readDockerfile, readIgnore } from "./dockerfile.ts";

/** The time that the worker needs after the grace period, to close what is still open. */
const OVERTIME_S = 5;

const image = readDockerfile();
const demoImage = readDockerfile("demo");
const compose = readCompose();
const { redis, worker, simulator, "demo-worker": demoWorker } = compose.services;
const services = Object.entries(compose.services);

describe("every service of the compose file", () => {
  test.each(services)("%s can write only to its volumes, and gain no rights", (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.user ?? image.user).not.toMatch(/^(root|0)/);
  });

  test.each(services)("%s has a limit for its log and its memory", (_, service) => {
    expect(service.logging.options).toEqual({ "max-size": "10m", "max-file": "5" });
    expect(service.deploy.resources.limits.memory).toMatch(/^\d+[mg]$/);
  });

  test.each(services)("%s can be reached only from this machine", (_, service) => {
    expect(service.ports.filter(({ address }) => address !== "127.0.0.1")).toEqual([]);
  });

  test.each(services)("%s mounts only declared volumes and secrets", (_, service) => {
    expect(Object.keys(compose.volumes)).toEqual(
      expect.arrayContaining(service.volumes.map((volume) => volume.split(":")[0])),
    );
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(service.secrets));
  });

  test.each(services)("%s waits only for services that have a health check", (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on)) {
      expect(condition).toBe("service_healthy");
      expect(services.find(([other]) => other === name)?.[1].healthcheck).toBeDefined();
    }
  });

  test.each(services)("%s gets only known settings", (_, { environment }) => {
    const known = new Set([...VARIABLES, ...SECRETS.map((name) => `${name}_FILE`)]);

    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
  });
});

test("the compose file builds the demo's services with the simulators and the worker without them", () => {
  const targets = services.map(([name, { build }]) => [name, build?.target]);

  expect(Object.fromEntries(targets)).toEqual({
    redis: undefined,
    worker: "production",
    simulator: "demo",
    "demo-worker": "demo",
  });
});

describe("redis of the compose file", () => {
  test("keeps its data in a volume and publishes no port", () => {
    expect(redis.volumes).toEqual(["redis-data:/data"]);
    expect(redis.ports).toEqual([]);
    expect(redis.restart).toBe("unless-stopped");
  });
});

describe("worker of the compose file", () => {
  const account = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" };
  const config = readConfig({ ...account, ...image.env, ...worker.environment });

  test("starts without a profile, once Redis is healthy, and again after a failure", () => {
    expect([redis.profiles, worker.profiles]).toEqual([[], []]);
    expect(Object.keys(worker.depends_on)).toEqual(["redis"]);
    expect(worker.restart).toBe("unless-stopped");
  });

  test("uses the stack's Redis and listens outside its container", () => {
    expect(config).toMatchObject({ redis: { url: "redis://redis:6379" }, http: { host: "0.0.0.0" }, notes: [] });
  });

  test("publishes its own ports, and others if .env names them", () => {
    const pages = String(config.http.pagesPort);

    expect(String(config.http.port)).toBe(image.port);
    expect(worker.ports).toEqual([
      { address: "127.0.0.1", host: "3000", container: image.port },
      { address: "127.0.0.1", host: "3001", container: pages },
    ]);
    expect(readCompose({ PORT: "8080", PAGES_PORT: "8081" }).services.worker.ports).toEqual([
      { address: "127.0.0.1", host: "8080", container: image.port },
      { address: "127.0.0.1", host: "8081", container: pages },
    ]);
  });

  test("reads all other settings from .env, which may be missing", () => {
    expect(worker.env_file).toEqual([{ path: ".env", required: false }]);
  });

  test("gets enough time to stop", () => {
    expect(worker.stop_grace_period).toBeGreaterThan(config.shutdownGraceMs / 1_000 + OVERTIME_S);
  });

  test("keeps its archive, once one is configured, in a volume that its user may write to", () => {
    const wanted = readCompose({ ARCHIVE_DIR: "./archive" }).services.worker;

    expect(config.archive).toBeUndefined();
    expect(readConfig({ ...account, ...wanted.environment }).archive?.dir).toBe("/archive");
    expect(worker.volumes).toEqual(["archive:/archive"]);
    expect(image.runs[0]).toBe("install -d -o node -g node /archive");
  });
});

describe("secrets of the compose file", () => {
  const byFile = SECRETS.filter((name) => !name.startsWith("REDIS_"));

  test.each(byFile)("%s is mounted as a file if .env names one", (name) => {
    const { services: given, secrets } = readCompose({ [`${name}_FILE`]: "./secrets/mine" });
    const secret = name.toLowerCase();

    expect(secrets[secret]).toEqual({ file: "./secrets/mine" });
    expect(given.worker.secrets).toContain(secret);
    expect(given.worker.environment[`${name}_FILE`]).toBe(`/run/secrets/${secret}`);
  });

  test.each(byFile)("%s is unset without one, and the mount still points to a file that exists", (name) => {
    expect(compose.services.worker.environment[`${name}_FILE`]).toBe("");
    expect(existsSync(compose.secrets[name.toLowerCase()]?.file ?? "")).toBe(true);
  });

  test("are all that there are, and the demo gets none", () => {
    expect(Object.keys(compose.secrets).toSorted()).toEqual(byFile.map((name) => name.toLowerCase()).toSorted());
    expect([...simulator.secrets, ...demoWorker.secrets]).toEqual([]);
    expect([...simulator.env_file, ...demoWorker.env_file]).toEqual([]);
  });
});

describe("demo of the compose file", () => {
  const config = readConfig({ ...demoImage.env, ...demoWorker.environment });

  test("starts only with its profile, and is not restarted", () => {
    expect([simulator.profiles, demoWorker.profiles]).toEqual([["demo"], ["demo"]]);
    expect([simulator.restart, demoWorker.restart]).toEqual([undefined, undefined]);
  });

  test("uses another queue than the worker", () => {
    expect(config.redis.url).toBe(worker.environment["REDIS_URL"]);
    expect(config.redis.prefix).not.toBe(readConfig({ ROLES: "http", REDIS_URL: config.redis.url }).redis.prefix);
  });

  test("finds the simulator in their common network", () => {
    const port = simulator.command?.[simulator.command.indexOf("--port") + 1];

    expect(demoWorker.network_mode).toBe("service:simulator");
    expect(Object.keys(demoWorker.depends_on)).toEqual(["redis", "simulator"]);
    expect(config.vendors).toMatchObject([{ pull: { endpoint: `http://127.0.0.1:${port}` } }]);
  });

  test("shows its pages behind a password, on other ports than the worker", () => {
    const port = String(config.http.port);

    expect(config.http).toMatchObject({ host: "0.0.0.0", dashboard: { user: "admin" } });
    expect(simulator.ports).toEqual([{ address: "127.0.0.1", host: port, container: port }]);
    expect(worker.ports.map(({ host }) => host)).not.toContain(port);
  });

  test("has handlers that are in the image", async () => {
    const path = config.handlersPath ?? "";

    expect(demoImage.copies.flatMap(({ sources }) => sources)).toContain(path.split("/")[0]);
    expect(readIgnore()(path)).toBe(false);
    const { list } = await loadHandlers({ handlersPath: join(PROJECT, path), roles: ["work"] });
    expect(list).not.toEqual([]);
  });

  test("gets enough time to stop", () => {
    expect(demoWorker.stop_grace_period).toBeGreaterThan(config.shutdownGraceMs / 1_000 + OVERTIME_S);
  });
});
