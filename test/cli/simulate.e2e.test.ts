import { describe, expect, test, vi } from "vitest";
import { callbackServer } from "../support/callback-server.ts";
import { setupAccount } from "./run-command.ts";

const VENDORS = ["tencent-vod", "alibaba-mns", "alibaba-vod", "zegocloud", "aws-sqs"];

describe("npm run simulate", () => {
  test.for([
    { args: [], says: "The simulator of Tencent VOD answers at" },
    { args: ["--vendor", "tencent-vod"], says: "The simulator of Tencent VOD answers at" },
    { args: ["--vendor=alibaba-mns"], says: "The simulator of Alibaba Cloud MNS answers at" },
    { args: ["--vendor", "aws-sqs"], says: "The simulator of Amazon SQS answers at" },
  ])("$args starts the simulator that a worker pulls from, and Ctrl-C ends it", async ({ args, says }) => {
    const { start } = await setupAccount();

    const simulator = start(["simulate", ...args, "--port", "0", "--rate", "10"]);

    await vi.waitFor(() => expect(simulator.out()).toContain(says));
    const [, url] = /answers at (\S+)/.exec(simulator.out()) ?? [];
    const stats = async (): Promise<unknown> => await (await fetch(`${url}/control/stats`)).json();
    await vi.waitFor(async () => expect(await stats()).toMatchObject({ published: expect.toSatisfy(isSome) }));
    simulator.kill("SIGINT");
    expect(await simulator.ended).toMatchObject({ code: 0, err: "" });
  });

  test.for([
    { vendor: "alibaba-vod", to: "--to" },
    { vendor: "zegocloud", to: "--target" },
  ])("--vendor $vendor starts a simulator that calls a worker, and Ctrl-C ends it", async ({ vendor, to }) => {
    const { url, calls } = await callbackServer(200);
    const { start } = await setupAccount();

    const simulator = start(["simulate", "--rate", "20", `--vendor=${vendor}`, to, url]);

    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(3));
    simulator.kill("SIGINT");
    expect(await simulator.ended).toMatchObject({ code: 0, err: "" });
    expect(simulator.out()).toContain(url);
  });

  test("--help lists the vendors and the options", async () => {
    const { run } = await setupAccount();

    const [usual, zego] = await Promise.all([
      run(["simulate", "--help"]),
      run(["simulate", "--help", "--vendor", "zegocloud"]),
    ]);

    expect([usual.code, zego.code]).toEqual([0, 0]);
    for (const vendor of VENDORS) expect(usual.out).toContain(`\n  ${vendor} `);
    expect(usual.out).toContain("--sub-app-ids");
    expect(zego.out).toContain("--forged-every");
  });

  test.for([
    { args: ["--vendor", "youtube"], reason: /^--vendor: there is no youtube; use tencent-vod, alibaba-mns,/ },
    { args: ["--vendor"], reason: /^--vendor: which one\? Use tencent-vod, / },
    { args: ["--vendor", "toString"], reason: /^--vendor: there is no toString/ },
    { args: ["--vendor", "zegocloud", "--rate", "0"], reason: /^--rate: must be more than 0/ },
    { args: ["--vendor", "alibaba-vod", "--sub-app-ids", "1"], reason: /--help lists the options/ },
    { args: ["--vendor=alibaba-mns", "--port", "x"], reason: /^--port: must be a whole number/ },
  ])("$args is refused with exit code 2 and one line", async ({ args, reason }) => {
    const { run } = await setupAccount();

    const { code, err, out } = await run(["simulate", ...args]);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(reason);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});

function isSome(count: number): boolean {
  return count > 0;
}
