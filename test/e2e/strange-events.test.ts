import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { parkedOn } from "../support/parked-jobs.ts";
import { becomesReady, retryAllGroups } from "../support/probes.ts";
import { setupWorld } from "../support/worker-process.ts";

/** Stands in every payload, and must stand in no log. */
const CANARY = "payload-canary";
type Worker = { readonly url: string; readonly text: () => string };

const MB = "x".repeat(1_000_000);

async function setup() {
  const world = await setupWorld();
  const { simulator } = world;
  let published = 0;
  return {
    ...world,
    /** An event like no other, and in the same pull a normal one, which must not suffer. */
    async beside(body: Record<string, unknown>, handle?: string) {
      const unlikeOthers = { ...body, Canary: `${CANARY} ${published++}` };
      const [strange = ""] = simulator.publishBody(unlikeOthers, handle === undefined ? {} : { handle });
      const [normal = ""] = simulator.publish("NewFileUpload", { body: { FileId: `beside ${strange}` } });
      await expect.poll(() => simulator.find(normal)?.state, { interval: 20 }).toBe("confirmed");
      const [first, second] = [strange, normal].map((id) => simulator.find(id)?.deliveries[0]?.at);
      expect(first).toBe(second);
      return strange;
    },
    /** Everything the vendor has is confirmed, each once, however often it came. */
    async allConfirmedOnce(): Promise<void> {
      await world.allConfirmed();
      expect(simulator.history().map(({ confirmations }) => confirmations)).toEqual(simulator.history().map(() => 1));
    },
    /** All output is lines of JSON without payload or receipt. */
    isClean({ text }: Worker): void {
      const said = text();
      for (const line of said.split("\n").slice(0, -1)) expect(() => JSON.parse(line)).not.toThrow();
      expect(said).not.toContain(CANARY);
      expect(said).not.toContain("xxxxxxxxxx");
      const receipts = simulator.history().flatMap(({ deliveries }) => deliveries.map(({ handle }) => handle));
      for (const receipt of receipts.filter(({ length }) => length > 8)) expect(said).not.toContain(receipt);
    },
  };
}

describe("an unusual receipt works like any other:", () => {
  test("digits, colons, BullMQ's own words, 4,000 characters: each event is handled and confirmed once", async () => {
    const { beside, start, runsOf, allConfirmedOnce, isClean } = await setup();
    const worker = await start({ LOG_LEVEL: "trace" });
    const handles = [
      ["0", "42", "1234567890123456789", "-1", "1e3"],
      [":", "0:", "a:b", "1:2:3", "ev-1:r"],
      ["wait", "events", "active", "meta", "id", "failed", "completed", "delayed", "marker", "stalled"],
      [
        "__proto__",
        "constructor",
        "*",
        "?",
        "[a]",
        "{tag}",
        "a,b",
        "../..",
        "a\nb",
        "\r\n",
        "\u0000",
        "\u{1f680}",
        " ",
      ],
      ["long-".repeat(800)],
    ].flat();

    const keys = handles.map((_, number) => `strange receipt ${number}`);
    for (const [number, handle] of handles.entries())
      await beside({ EventType: "NewFileUpload", FileUploadEvent: { FileId: keys[number] } }, handle);

    await allConfirmedOnce();
    expect(keys.map((key) => runsOf(key).map(({ phase }) => phase))).toEqual(keys.map(() => ["start", "success"]));
    await becomesReady(worker);
    isClean(worker);
  });
});

describe("an unusual event is handled, or parked where a person sees it:", () => {
  const upload = { FileUploadEvent: { FileId: "recognised" } };

  test("one that can be read is handled and confirmed", async () => {
    const { beside, start, runs, simulator, allConfirmedOnce, isClean } = await setup();
    const worker = await start({ LOG_LEVEL: "trace" });

    await beside({ ...upload, Why: "no EventType" });
    await beside({ ...upload, EventType: null });
    await beside({ ...upload, EventType: "" });
    await beside({ ...upload, EventType: 7 });
    await beside({ ...upload, EventType: "NewFileUpload", ProcedureStateChangeEvent: null, FileDeleteEvent: null });
    await beside({ EventType: "NewFileUpload", FileUploadEvent: { ...upload.FileUploadEvent, Name: null, Large: MB } });

    await allConfirmedOnce();
    expect(runs().filter(({ key, phase }) => key === "recognised" && phase === "success")).toHaveLength(6);
    expect(simulator.stats().delivered).toBe(12);
    isClean(worker);
  });

  test("one that cannot be read is parked unconfirmed until somebody handles it, and breaks no page", async () => {
    const { beside, start, simulator, folder, isClean, allConfirmedOnce } = await setup();
    const worker = await start({ LOG_LEVEL: "trace", ATTEMPTS: "1" });
    const types = [
      "BrandNew",
      "constructor",
      "__proto__",
      "toString",
      "*",
      '"}',
      "\u{1f680}",
      "<script>alert(1)</script>",
    ];
    const absurd = ["a\nb\r\n\tc", "\n", " ", "\u001b[31mred", "T".repeat(10_000)];

    const ids = [
      await beside({}),
      await beside({ FileUploadEvent: null }),
      await beside({ EventType: ["NewFileUpload"] }),
      await beside({ EventType: "NewFileUpload", FileUploadEvent: null }),
      await beside({ EventType: "NewFileUpload", FileUploadEvent: "no object" }),
      await beside({ EventType: "BrandNew", BrandNewEvent: { Large: MB } }),
    ];
    for (const EventType of [...types, ...absurd]) ids.push(await beside({ EventType }));

    const parked = await parkedOn(worker, ids.length);
    const names = parked.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["(none)", "NewFileUpload", ...types]));
    expect(names.filter(({ length }) => length > 100)).toEqual([]);
    expect(parked.every(({ failedReason }) => failedReason.length > 0 && failedReason.length < 1_000)).toBe(true);
    const page = await (await fetch(`${worker.url}/`)).text();
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script>alert");
    await metricsAreWellFormed(worker);
    expect(ids.map((id) => simulator.find(id)?.confirmations)).toEqual(ids.map(() => 0));
    isClean(worker);
    worker.send("SIGTERM");
    await worker.exited;

    const handlers = join(folder, "for-everything.ts");
    await writeFile(handlers, `export default [{ vendor: "*", type: "*", run() {} }];`);
    const mended = await start({ HANDLERS: handlers });
    await retryAllGroups(mended);
    await allConfirmedOnce();
  });
});

test("an item without an event or without a receipt is logged, and the others of its pull are handled", async () => {
  const { simulator, start, publish, seen, runsOf, allConfirmed, isClean } = await setup();
  const deep = 100_000;
  const items = [
    ["null", '"a string"', "42", "true", "[]", "{}", `{"EventType":"NewFileUpload","Canary":"${CANARY}"}`],
    ['{"EventHandle":null}', '{"EventHandle":""}', '{"EventHandle":12345}', '{"EventHandle":{"a":1}}'],
    [`{"EventHandle":"deep-deep-deep-deep","Deep":${"[".repeat(deep)}${"]".repeat(deep)}}`],
  ].flat();
  const worker = await start({ LOG_LEVEL: "trace", TENCENT_VOD_ENDPOINT: await proxyThatAdds(simulator.url, items) });

  publish("beside them");
  await allConfirmed();

  expect(runsOf("beside them").map(({ phase }) => phase)).toEqual(["start", "success"]);
  expect(seen("beside them").confirmations).toBe(1);
  const sentences = worker.lines().flatMap(({ level, msg }) => (level >= 20 ? [`${level} ${msg}`] : []));
  const said = (beginning: string) => sentences.filter((sentence) => sentence.startsWith(beginning)).length;
  const noReceipt = "an event without a usable EventHandle can be neither";
  expect([said(`50 ${noReceipt}`), said(`20 ${noReceipt}`)]).toEqual([1, items.length - 2]);
  expect(said("50 an event nested too deep to be stored stays at the vendor")).toBe(1);
  expect(said("50 ")).toBe(2);
  await becomesReady(worker);
  isClean(worker);
});

async function metricsAreWellFormed({ url }: Worker): Promise<void> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of samples) expect(line).toMatch(/^[a-z_0-9]+(\{([a-z_]+="([^"\\]|\\.)*",?)*\})? [-+.\deINFNa]+$/);
}

/** A proxy between worker and vendor. It adds these items to the first answer that brings events. */
async function proxyThatAdds(vendor: string, items: readonly string[]): Promise<string> {
  let added = false;
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(z.instanceof(Uint8Array).parse(chunk));
    const { host, authorization, "content-type": type } = request.headers;
    const signed = Object.entries(request.headers).filter(([name]) => name.startsWith("x-tc-"));
    const headers = new Headers({ authorization: authorization ?? "", "content-type": type ?? "" });
    for (const [name, value] of signed) headers.set(name, String(value));
    expect(host).toContain("127.0.0.1");
    const answer = await fetch(vendor, { method: "POST", headers, body: Buffer.concat(chunks) });
    const text = await answer.text();
    const spot = '"EventSet":[';
    const strange = added || !text.includes(spot) ? text : text.replace(spot, () => `${spot}${items.join(",")},`);
    added ||= strange !== text;
    response.setHeader("content-type", "application/json").end(strange);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return `http://127.0.0.1:${address.port}`;
}
