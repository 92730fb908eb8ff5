import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { PROJECT } from "../support/process.ts";
import { launch } from "../support/worker-process.ts";
import { NEWCOMERS_HANDLERS, NEWCOMERS_TEST, OWN_HANDLERS, startVendor } from "./own-project.ts";
import { npmInstall, run, userEnv } from "./published.ts";
import { startProcess } from "./start-process.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };
const CONFIRMED = { published: 1, confirmed: 1, unconfirmed: 0 };

type Installed = {
  readonly folder: string;
  /** A project there, in which the package is installed. */
  readonly own: string;
  /** The tarball of the package, once it is published. */
  readonly tarball: () => string;
};

/** The requirements for a project that `init` makes, wherever the package was installed from. */
export function initContract({ folder, own, tarball }: Installed): void {
  const mine = join(folder, "mine");

  beforeAll(async () => {
    await run(own, ["npx", "reliable-callback", "init", mine]);
    // npm need not unpack the same packages again
    await run(own, ["cp", "-Rl", "node_modules", mine]);
    await npmInstall(mine);
  });

  test("depends on a copy of the package from which init ran, and a second init does not overwrite it", async () => {
    const before = await readFile(join(mine, "package.json"), "utf8");

    const again = await run(own, [join(own, "node_modules/.bin/reliable-callback"), "init", mine]);

    expect(JSON.parse(before)).toMatchObject({
      name: "mine",
      dependencies: { "reliable-callback": `file:packages/${basename(tarball())}` },
    });
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/already has .*package\.json.*; nothing was/),
    });
    expect(await readFile(join(mine, "package.json"), "utf8")).toBe(before);
  });

  test("passes its type check and its tests", async () => {
    expect(await run(mine, ["npm", "run", "check"])).toMatchObject({ code: 0 });
    const tests = await run(mine, ["npm", "test"]);
    expect(tests.stdout).toMatch(/tests 2\n.*\n.*pass 2\n/);
    expect(tests.code).toBe(0);
  });

  test("starts with its .env, handles and confirms an event with its own handler, and stops on SIGTERM", async () => {
    const { door, settings } = await startVendor();
    await writeFile(join(mine, ".env"), settings);
    await writeFile(join(mine, "handlers.ts"), OWN_HANDLERS);
    const worker = await launch({
      command: [join(mine, "node_modules/.bin/reliable-callback"), "start"],
      cwd: mine,
      env: userEnv(),
    });

    const event = door.publish(door.sample("NewFileUpload"));
    expect(await worker.line("from a handler of its own")).toMatchObject({ type: "NewFileUpload" });
    await vi.waitFor(() => expect(door.heard(event)?.confirmations).toBe(1));
    worker.send("SIGTERM");

    expect(await worker.exited).toEqual({ code: 0, signal: null });
    await worker.line("closed");
  });

  test("leads a newcomer from an empty folder to an event that is handled and confirmed", async () => {
    const { redis } = await startVendor();
    await rm(join(mine, ".env"), { force: true });
    await writeFile(join(mine, "handlers.ts"), NEWCOMERS_HANDLERS);
    await writeFile(join(mine, "handlers.test.ts"), NEWCOMERS_TEST);

    expect(await run(mine, ["npm", "run", "--silent", "check"])).toMatchObject({ code: 0 });
    expect(await run(mine, ["npm", "test"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass 1\n/) });

    const command = [join(mine, "node_modules/.bin/reliable-callback"), "dev"];
    const dev = startProcess(command, { cwd: mine, env: userEnv({ ...redis, PORT: "0" }) });
    await vi.waitFor(() => expect(dev.text()).toContain("Publish an event"), { timeout: 60_000 });
    const [url = ""] = /http:\S+\/control\/events/.exec(dev.text()) ?? [];
    const body = JSON.stringify({ door: "tencent-vod", type: "ConcatComplete" });
    expect((await fetch(url, { method: "POST", body })).status).toBe(201);

    await vi.waitFor(
      () => expect(dev.text()).toMatch(/ConcatComplete .*joined[^]*handled {2}ConcatComplete/),
      PATIENCE,
    );
    const stats = async () => await (await fetch(url.replace("events", "stats"))).json();
    await vi.waitFor(async () => expect(await stats()).toMatchObject({ "tencent-vod": CONFIRMED }), PATIENCE);
    dev.kill("SIGTERM");
    expect(await dev.ended).toEqual({ code: 0, signal: null });
  });

  test("has handlers that a worker of a clone can run, and both know the same errors", async () => {
    const { door, env } = await startVendor();
    await writeFile(join(mine, "handlers.ts"), OWN_HANDLERS);
    const worker = await launch({ cwd: folder, env: { ...env, HANDLERS: join(mine, "handlers.ts") } });

    door.publish(door.sample("FileDeleted"));

    expect(await worker.line("parked")).toMatchObject({ err: { type: "PermanentError", message: "nobody knows it" } });
  });

  test("has types that fit those of a clone", async () => {
    await writeFile(
      join(mine, "both.ts"),
      `import type { Handler, HandlerContext } from "reliable-callback";
      import { on } from "reliable-callback/tencent-vod";
      import type { Handler as Theirs, HandlerContext as TheirContext } from "${PROJECT}/src/core/handler.ts";
      import { on as theirOn } from "${PROJECT}/src/vendors/tencent-vod/public.ts";
      export const ours: readonly Handler[] = [theirOn("FileDeleted", () => {})];
      export const theirs: readonly Theirs[] = [on("FileDeleted", () => {})];
      export const there = (context: HandlerContext): TheirContext => context;
      export const back = (context: TheirContext): HandlerContext => context;`,
    );

    const { stdout, code } = await run(mine, [join(mine, "node_modules/.bin/tsc"), "--listFiles"]);
    await rm(join(mine, "both.ts"));

    expect(stdout).toContain(join(mine, "both.ts"));
    expect(code, stdout).toBe(0);
  }, 180_000);
}
