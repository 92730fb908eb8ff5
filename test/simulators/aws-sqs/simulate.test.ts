import { expect, test, vi } from "vitest";
import { simulate } from "../../../src/simulators/aws-sqs/simulate.ts";
import { createMediaConvertSource } from "../../../src/vendors/aws-mediaconvert/pull/source.ts";
import { commandContract, portContract, startCommand } from "../command-trial.ts";

test("the SQS simulator prints how to reach it, and publishes events until it is closed", async () => {
  const { lines, url, running } = await run("--port=0", "--rate=200", "--queues=one,two");
  const [, urls = ""] = /AWS_MEDIACONVERT_QUEUE_URLS=(\S+)/.exec(lines.join("\n")) ?? [];
  const keys = { accessKeyId: "simulator", secretAccessKey: "simulator" };
  const sources = urls.split(",").map((queueUrl) => createMediaConvertSource({ ...keys, queueUrl }));

  for (const source of sources) {
    const types = new Set<string>();
    await vi.waitFor(async () => {
      for (const { type } of (await source.pull(16)).deliveries) types.add(type);
      expect(types.size).toBeGreaterThan(5);
    });
  }

  expect(sources).toHaveLength(2);
  expect(lines.join("\n")).toContain("AWS_ACCESS_KEY_ID=simulator");
  expect(lines.join("\n")).toContain(`curl ${url}/control/events`);
  await running.close();
  await expect(fetch(`${url}/control/stats`)).rejects.toThrow("fetch failed");
});

test("the SQS simulator's options reach the simulated account, and its secret is not printed", async () => {
  const flags = "--port 0 --rate 0 --visibility-ms 1500 --access-key-id AKIAx --secret-access-key hush --queues q";
  const { lines, url } = await run(...flags.split(" "));

  const settings: unknown = await (await fetch(`${url}/control/settings`)).json();

  expect(settings).toMatchObject({ visibilityMs: 1_500, queues: ["q"] });
  expect(lines.join("\n")).toContain("AWS_ACCESS_KEY_ID=AKIAx");
  expect(lines.join("\n")).not.toContain("hush");
});

commandContract(simulate, {
  option: "--visibility-ms",
  mistakes: [
    ["--port=high", "--port: must be a whole number"],
    ["--queues=a b", "--queues: must be names"],
    ["--access-key-id=a/b", "--access-key-id"],
  ],
});
portContract(simulate);

function run(...argv: readonly string[]) {
  return startCommand(simulate, ...argv);
}
