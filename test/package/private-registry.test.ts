/** Runs npm as a user behind a proxy or a private certificate authority would, with a cold cache. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { makeCertificate } from "../support/certificate.ts";
import { findProgram } from "../support/debian-programs.ts";
import { isForRegistry, registryEnv } from "../support/registry-env.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { install, readJson } from "./published.ts";

const run = promisify(execFile);
const TINY = { name: "tiny", version: "1.0.0" };
let tarball: Buffer;
/** Each test starts npm twice. */
const PATIENCE = { timeout: 120_000 };

beforeAll(async () => {
  await findProgram("openssl");
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-tiny-"));
  await writeFile(join(folder, "package.json"), JSON.stringify(TINY));
  await run("npm", ["pack"], { cwd: folder });
  tarball = await readFile(join(folder, "tiny-1.0.0.tgz"));
  await rm(folder, { recursive: true });
});

type Way = (registry: { readonly url: string; readonly ca: string; readonly home: string }) => Promise<void> | void;

const WAYS: readonly (readonly [how: string, way: Way])[] = [
  [
    "Node's extra certificates",
    ({ url, ca }) => {
      vi.stubEnv("npm_config_registry", url);
      vi.stubEnv("NODE_EXTRA_CA_CERTS", ca);
    },
  ],
  [
    "npm's own settings in capitals",
    ({ url, ca }) => {
      vi.stubEnv("NPM_CONFIG_REGISTRY", url);
      vi.stubEnv("NPM_CONFIG_CAFILE", ca);
    },
  ],
  [
    "a file of settings somewhere else",
    async ({ url, ca, home }) => {
      await writeFile(join(home, "elsewhere"), `registry=${url}\ncafile=${ca}\n`);
      vi.stubEnv("npm_config_userconfig", join(home, "elsewhere"));
    },
  ],
  ["the user's .npmrc", ({ url, ca, home }) => writeFile(join(home, ".npmrc"), `registry=${url}\ncafile=${ca}\n`)],
];

test.each(WAYS)("npm reaches a registry with its own certificate by %s", PATIENCE, async (_, way) => {
  const { folder, home } = await setup();
  const { keyFile, certFile: ca } = await makeCertificate(folder);
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(ca)]);
  const port = await serve(
    createHttps(
      { key, cert },
      listener(() => `https://127.0.0.1:${port}`),
    ),
  );

  await way({ url: `https://127.0.0.1:${port}/`, ca, home });

  await reaches(folder);
});

test("npm reaches a registry through a proxy", PATIENCE, async () => {
  const { folder } = await setup();
  const port = await serve(createHttp(listener(() => "http://registry.invalid")));

  vi.stubEnv("npm_config_registry", "http://registry.invalid/");
  vi.stubEnv("http_proxy", `http://127.0.0.1:${port}`);

  await reaches(folder);
});

/** Installs in two ways: as the image's own `npm ci` runs, and as the published package is installed. */
async function reaches(folder: string): Promise<void> {
  const bare = join(folder, "bare");
  await mkdir(bare);
  const env = { ...registryEnv(), npm_config_cache: join(folder, "cold") };
  await run("npm", ["install", "tiny"], { cwd: bare, env });
  const own = join(folder, "own");
  vi.stubEnv("npm_config_cache", join(folder, "as cold"));
  await install(own, "tiny");

  for (const place of [bare, own])
    expect(await readJson(join(place, "node_modules/tiny/package.json"))).toMatchObject({ version: "1.0.0" });
}

/** A user who has not told npm about the registry yet. */
async function setup() {
  const folder = await tempFolder();
  const home = join(folder, "home");
  await mkdir(home);
  for (const name of Object.keys(process.env).filter(isForRegistry)) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", home);
  vi.stubEnv("npm_config_globalconfig", join(home, "none"));
  return { folder, home };
}

function listener(origin: () => string): RequestListener {
  return ({ url = "" }, answer) => {
    if (url.endsWith("/tiny-1.0.0.tgz")) {
      answer.end(tarball);
      return;
    }
    if (!url.endsWith("/tiny")) {
      answer.writeHead(404).end("{}");
      return;
    }
    const dist = { tarball: `${origin()}/tiny/-/tiny-1.0.0.tgz` };
    const known = { name: "tiny", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { ...TINY, dist } } };
    answer.setHeader("content-type", "application/json").end(JSON.stringify(known));
  };
}

async function serve(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return z.object({ port: z.number() }).parse(server.address()).port;
}
