import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { atEnd } from "../../support/at-end.ts";
import { PROJECT } from "../../support/process.ts";
import { setupAccount } from "../run-command.ts";

const NO_ACCOUNT = { TENCENTCLOUD_SECRET_ID: "", TENCENTCLOUD_SECRET_KEY: "", TENCENT_VOD_ENDPOINT: "" };
const PATIENCE = { timeout: 120_000, interval: 100 };

/** A worker without an account whose handler says `word` after `ms`. */
async function setup() {
  const { folder, start } = await setupAccount();
  await mkdir(join(PROJECT, ".cache"), { recursive: true });
  await symlink(join(PROJECT, ".cache"), join(folder, ".cache"));
  const write = (word: string, ms = 0): Promise<void> =>
    writeFile(
      join(folder, "handlers.mjs"),
      `import { setTimeout as wait } from "node:timers/promises";
      export default [{ vendor: "*", type: "*", async run({ log }) { await wait(${ms}); log.info("${word}"); } }];`,
    );
  await write("first");
  const command = start(["dev"], NO_ACCOUNT);
  const says = (text: string | RegExp): Promise<void> =>
    vi.waitFor(() => expect(command.out()).toMatch(text), PATIENCE);
  const count = (text: string): number => command.out().split(text).length - 1;
  await says("Publish an event");
  const [url = ""] = /http:\S+\/control\/events/.exec(command.out()) ?? [];
  const publish = async (door: string, events: number): Promise<void> => {
    const body = JSON.stringify({ door, count: events });
    expect((await fetch(url, { method: "POST", body })).status).toBe(201);
  };
  const unconfirmed = async (): Promise<number[]> => {
    const stats: Record<string, { unconfirmed: number }> = JSON.parse(
      await (await fetch(url.replace("events", "stats"))).text(),
    );
    return Object.values(stats).map((door) => door.unconfirmed);
  };
  return { folder, command, out: command.out, write, says, count, publish, unconfirmed };
}

describe.concurrent("npm run dev", { timeout: 240_000 }, () => {
  test("loads changed handlers at once, and neither loses nor repeats an event by that", async () => {
    const { command, write, says, count, publish, unconfirmed } = await setup();
    await write("slow", 1_000);
    await says(/handlers\.mjs changed[^]*ready/);
    await publish("tencent-vod", 5);
    await publish("zegocloud", 2);
    await says("slow");

    await write("second");

    await says(/handlers\.mjs changed[^]*handlers\.mjs changed[^]*ready/);
    await publish("alibaba-mns", 2);
    await vi.waitFor(() => expect(count("handled  ")).toBe(9), PATIENCE);
    await vi.waitFor(async () => expect(await unconfirmed()).toEqual([0, 0, 0, 0, 0, 0]), PATIENCE);
    expect(count("slow") + count("second")).toBe(9);
    command.kill("SIGINT");
    expect(await command.ended).toMatchObject({ code: 0, err: "" });
  });

  test("waits while handlers cannot be loaded, and goes on once they can", async () => {
    const { folder, command, write, says, publish } = await setup();
    await writeFile(join(folder, "handlers.mjs"), "export default [");
    await says("it starts again when one of its files changes");

    await write("mended");

    await says(/it starts again[^]*ready/);
    await publish("tencent-vod", 1);
    await says("mended");
    command.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 0, err: expect.stringContaining("cannot be loaded") });
  });

  test("restarts when an imported file changes, but not when a handler writes a file", async () => {
    const { folder, command, says, count, publish } = await setup();
    await writeFile(join(folder, "word.mjs"), 'export const word = "third";');
    await writeFile(
      join(folder, "handlers.mjs"),
      `import { appendFileSync } from "node:fs";
      import { word } from "./word.mjs";
      const out = (name) => new URL(name, import.meta.url);
      export default [{ vendor: "*", type: "*", run({ log }) {
        for (const name of ["out.json", "out.mjs"]) appendFileSync(out(name), "1\\n");
        log.info(word);
      } }];`,
    );
    await says(/handlers\.mjs changed[^]*ready/);
    await publish("tencent-vod", 3);
    await vi.waitFor(() => expect(count("third")).toBe(3), PATIENCE);

    await writeFile(join(folder, "word.mjs"), 'export const word = "fourth";');

    await says(/word\.mjs changed[^]*ready/);
    await publish("tencent-vod", 1);
    await says("fourth");
    expect(count(" changed\n")).toBe(2);
    command.kill("SIGINT");
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  test("leaves no worker behind when it is killed", async () => {
    const { command, out } = await setup();
    const [ready = ""] = /http:\S+\/(?= shows)/.exec(out()) ?? [];
    expect((await fetch(`${ready}healthz`)).status).toBe(200);
    const [, data = ""] = /"folder":"([^"]+)"/.exec(out()) ?? [];
    atEnd(() => rm(data, { recursive: true, force: true }));

    command.kill("SIGKILL");

    await vi.waitFor(() => expect(fetch(`${ready}healthz`)).rejects.toThrow(), PATIENCE);
  });
});
