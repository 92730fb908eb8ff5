import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openArchive } from "../../../src/worker/archive/archive.ts";
import { eventOf } from "../context.ts";
import { fileHandlePrototype, options, setup } from "./open-archive.ts";

describe("an archive", () => {
  test("has one line per event, with the event as the vendor sent it", async () => {
    const { archive, records } = await setup();

    await archive.append(eventOf());

    expect(await records()).toEqual([
      {
        id: "tv-4711",
        fingerprint: "fp-of-content",
        vendor: "tencent-vod",
        source: "tencent-vod/1500000001",
        door: "pull",
        type: "NewFileUpload",
        receivedAt: "2026-11-20T10:00:00.000Z",
        handledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        event: eventOf().body,
      },
    ]);
  });

  test("holds events of 1 MB completely, many at a time", async () => {
    const { archive, records } = await setup();
    const bodies = Array.from({ length: 20 }, (_, number) => ({ number, text: "\u{1f4fc}\n".repeat(200_000) }));

    await Promise.all(bodies.map((body) => archive.append({ ...eventOf(), body })));

    expect(await records()).toEqual(bodies.map((event) => expect.objectContaining({ event })));
  });

  test("makes its folder at once, and a file only with the first event", async () => {
    const { files } = await setup();

    expect(await files()).toEqual([]);
  });

  test("names its file after the day, the machine and the process", async () => {
    const { archive, files } = await setup();

    await archive.append(eventOf());

    const today = new Date().toISOString().slice(0, 10);
    expect(await files()).toEqual([expect.stringMatching(new RegExp(`^${today}\\.[\\w.-]+-${process.pid}\\.ndjson$`))]);
  });

  test("stores many events at a time in order, with far fewer syncs", async () => {
    const { archive, records } = await setup();
    const datasync = vi.spyOn(await fileHandlePrototype(), "datasync");
    const ids = Array.from({ length: 1_000 }, (_, index) => `tv-${index}`);

    await Promise.all(ids.map((id) => archive.append(eventOf({ id }))));

    expect(await records()).toEqual(ids.map((id) => expect.objectContaining({ id })));
    expect(datasync.mock.calls.length).toBeLessThan(10);
  });

  test("resolves an append only after the sync that followed its line", async () => {
    const { archive, records } = await setup();
    const prototype = await fileHandlePrototype();
    const sync = Promise.withResolvers<void>();
    vi.spyOn(prototype, "datasync").mockReturnValueOnce(sync.promise);
    const done = vi.fn();

    const appended = (async () => {
      await archive.append(eventOf());
      done();
    })();
    await vi.waitFor(async () => expect(await records()).toHaveLength(1));
    expect(done).not.toHaveBeenCalled();
    sync.resolve();
    await appended;

    expect(done).toHaveBeenCalledOnce();
  });

  test("a new day begins a new file", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 20, 23, 59, 59, 999) });
    onTestFinished(() => void vi.useRealTimers());
    const { archive, files } = await setup();

    await archive.append(eventOf());
    vi.setSystemTime(Date.UTC(2026, 10, 21));
    await archive.append(eventOf());
    await archive.append(eventOf());

    const days = new Set((await files()).map((name) => name.slice(0, 10)));
    expect(days).toEqual(new Set(["2026-11-20", "2026-11-21"]));
  });

  test("never appends to an existing file, whose last line a crash may have cut off", async () => {
    const { archive, dir, files } = await setup();
    await archive.append(eventOf());
    await archive.close();
    const [name = ""] = await files();
    await writeFile(join(dir, name), '{"id":"torn');

    const next = await openArchive({ dir, ...options });
    await next.append(eventOf({ id: "tv-2" }));
    await next.close();

    const second = name.replace(/ndjson$/, "2.ndjson");
    expect(await files()).toEqual([second, name].toSorted());
    expect(await readFile(join(dir, name), "utf8")).toBe('{"id":"torn');
    expect(JSON.parse(await readFile(join(dir, second), "utf8"))).toMatchObject({ id: "tv-2" });
  });

  test("stores on close what was appended, allows a second close, and takes no more", async () => {
    const { archive, records } = await setup();
    const appended = Promise.all([archive.append(eventOf()), archive.append(eventOf())]);

    await Promise.all([archive.close(), archive.close()]);

    expect(await records()).toHaveLength(2);
    await expect(appended).resolves.toHaveLength(2);
    await expect(archive.append(eventOf())).rejects.toThrow("the archive is closed");
  });
});
