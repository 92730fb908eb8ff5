import { expect, test, vi } from "vitest";
import { simulate } from "../../../src/simulators/zegocloud/simulate.ts";
import { SECRET } from "../../vendors/zegocloud/push/calls.ts";
import { startDeafServer, startTarget } from "./target.ts";
import { commandContract, startCommand } from "../command-trial.ts";

test("the ZEGOCLOUD simulator prints whom it calls and which settings the worker needs, and sends events until it is closed", async () => {
  const { url, arrivals } = await startTarget();
  const { lines, running } = await run(
    `--target=${url}`,
    "--rate=200",
    "--max-pending=50", // a busy machine must not drown in its own calls
    "--types",
    "snapshot,record",
    `--secret=${SECRET}`,
  );

  await vi.waitFor(() => {
    const types = arrivals.flatMap(({ events }) => (events === "forged" ? [] : events.map(({ type }) => type)));
    expect(new Set(types)).toEqual(new Set(["snapshot", "record"]));
    expect(arrivals.some(({ events }) => events === "forged")).toBe(true);
    expect(new Set(arrivals.map(({ body }) => body)).size).toBeLessThan(arrivals.length);
  });
  await running.close();

  expect(lines.join("\n")).toContain(url);
  expect(lines.join("\n")).toContain("ZEGO_CALLBACK_SECRETS=");
  expect(lines.join("\n")).not.toContain(SECRET);
  expect(lines.at(-1)).toMatch(/^\d+ events: \d+ taken, 0 pending, 0 lost, 0 retries; \d+ forged, 0 of them taken/);
});

test("the ZEGOCLOUD simulator's options reach the events", async () => {
  const { url, arrivals } = await startTarget();
  const flags = `--target ${url} --rate 100 --max-pending 50 --app-id 42 --encoding percent --twice-every 0 --forged-every 0`;
  await run(...flags.split(" "), `--secret=${SECRET}`);

  await vi.waitFor(() => expect(arrivals.length).toBeGreaterThan(20));

  expect(arrivals.every(({ body }) => body.startsWith("%7B"))).toBe(true);
  expect(arrivals.every(({ events }) => events !== "forged")).toBe(true);
  expect(
    arrivals.map(({ body }) => decodeURIComponent(body)).filter((body) => /"app_?id":"?42"?/i.test(body)),
  ).toHaveLength(arrivals.length);
});

test("the ZEGOCLOUD simulator pauses sending while too many calls are unanswered", async () => {
  const { url } = await startDeafServer();
  const { lines, running } = await run(`--target=${url}`, "--rate=1000", "--max-pending=20", "--forged-every=0");

  await vi.waitFor(() => expect(lines.at(-1)).toBe("20 events wait for an answer: sending pauses"));
  await running.close();

  expect(lines.at(-1)).toMatch(/^20 events: 0 taken, 0 pending, /);
});

commandContract(simulate, {
  option: "--forged-every",
  mistakes: [
    ["--target=nowhere", "--target: must be an address"],
    ["--target=ftp://a/", "--target: must be an address"],
    ["--rate=0", "--rate: must be more than 0"],
    ["--rate=-1", "--rate: must be a number"],
    ["--types=nonsense", "there is no event nonsense"],
    ["--encoding=xml", "--encoding"],
    ["--app-id=x", "--app-id: must be a whole number"],
  ],
});

function run(...argv: readonly string[]) {
  return startCommand(simulate, ...argv);
}
