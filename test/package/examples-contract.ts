/** The projects of `examples/`, in a clone that has the package built. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { forward } from "../../src/index.ts";
import { run as runHandlers, sample } from "../../src/testing/public.ts";
import { findProgram } from "../support/debian-programs.ts";
import { startPostgres } from "../support/postgres.ts";
import { PROJECT } from "../support/process.ts";
import { launch } from "../support/worker-process.ts";
import { startVendor } from "./own-project.ts";
import { npmInstall, run, userEnv } from "./published.ts";
import { startProcess } from "./start-process.ts";

const PROJECTS = ["postgres", "pictures", "forward-node"];
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

/** The requirements for the examples, installed beside `dist/` as their README says. */
export function examplesContract(clone: () => string): void {
  const at = (name: string) => join(clone(), "examples", name);

  beforeAll(async () => {
    await findProgram("postgres");
    await Promise.all(PROJECTS.map(async (name) => await npmInstall(at(name))));
  });

  test("the examples' types fit the package", async () => {
    const tsc = join(PROJECT, "node_modules/typescript/bin/tsc");
    const checked = await Promise.all(
      PROJECTS.map(async (name) => await run(at(name), [process.execPath, tsc, "-p", "."])),
    );

    expect(checked).toEqual(PROJECTS.map(() => ({ code: 0, stdout: "", stderr: "" })));
  });

  test("the postgres example passes its tests, and its worker stores and confirms one event", async () => {
    const [postgres, vendor] = await Promise.all([startPostgres(), startVendor()]);
    const env = userEnv({ ...vendor.env, DATABASE_URL: postgres.url });
    expect(await run(at("postgres"), ["npm", "test"], env)).toMatchObject(allPass(3));

    const worker = await launch({ command: [bin(at("postgres")), "start"], cwd: at("postgres"), env });
    const event = vendor.door.publish({ EventType: "NewFileUpload", FileUploadEvent: { FileId: "from-a-worker" } });
    await vi.waitFor(() => expect(vendor.door.heard(event)?.confirmations).toBe(1));

    expect(await postgres.query("select change from changes where file = 'from-a-worker'")).toBe("uploaded");
    worker.send("SIGTERM");
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test("the pictures example passes its tests", async () => {
    expect(await run(at("pictures"), ["npm", "test"])).toMatchObject(allPass(3));
  });

  test("the forward-node example passes its tests", async () => {
    expect(await run(at("forward-node"), ["npm", "test"])).toMatchObject(allPass(2));
  });

  test("the forward-python example stores an event once, and refuses one with a wrong signature", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reliable-callback-python-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const env = userEnv({ FORWARD_SECRET: SECRET, EVENTS_DB: join(folder, "events.sqlite"), PORT: "0" });
    const receiver = startProcess(["python3", "receiver.py"], { cwd: at("forward-python"), env });
    await vi.waitFor(() => expect(receiver.text()).toMatch(/^http:.*\n/));
    const to = (secret: string) => [forward({ url: receiver.text().trim(), secrets: [secret] })];
    const event = sample("tencent-vod", "NewFileUpload");

    expect(await runHandlers(to(SECRET), event)).toMatchObject({ outcome: "handled" });
    expect(await runHandlers(to(SECRET), event)).toMatchObject({ outcome: "handled" });
    expect(await runHandlers(to(OTHER_SECRET), sample("tencent-vod", "FileDeleted"))).toMatchObject({
      outcome: "retry",
      error: { message: expect.stringContaining("401") },
    });

    const count =
      "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('select id from events').fetchall())";
    const { stdout } = await promisify(execFile)("python3", ["-c", count, join(folder, "events.sqlite")]);
    expect(stdout).toBe(`[('${event.id}',)]\n`);
  });
}

function bin(project: string): string {
  return join(project, "node_modules/.bin/reliable-callback");
}

function allPass(count: number) {
  return { code: 0, stdout: expect.stringMatching(new RegExp(`pass ${count}\\n.*fail 0\\n`)) };
}
