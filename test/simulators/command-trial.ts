/** The contract of every simulator's command line. */
import { createServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Simulate } from "../../src/simulators/kit/command.ts";
import { UsageError } from "../../src/simulators/kit/usage-error.ts";

/** It ends with the test. `url` is the address that its first line says. */
export async function startCommand(simulate: Simulate, ...argv: readonly string[]) {
  const lines: string[] = [];
  const started = await simulate(argv, (line) => lines.push(line));
  onTestFinished(() => started.close());
  return { lines, url: /http:\S+/.exec(lines[0] ?? "")?.[0] ?? "", running: started };
}

type Trial = {
  /** An option that its help must name. */
  readonly option: string;
  /** Of each command line what is said. */
  readonly mistakes: readonly (readonly [flag: string, reason: string])[];
};

export function commandContract(simulate: Simulate, { option, mistakes }: Trial): void {
  test("help is printed and nothing is started", async () => {
    const { lines } = await startCommand(simulate, "--help");

    expect(lines.join("\n")).toContain(option);
  });

  test.each([
    ...mistakes,
    ["--colour=red", "--help lists the options"],
    ["stray", "--help lists the options"],
  ] as const)("%s is refused with a reason", async (flag, reason) => {
    const error = await simulate([flag], () => {}).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(reason);
  });
}

/** Of those that listen. */
export function portContract(simulate: Simulate): void {
  test("a port in use is reported with the fix", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    const port = await vi.waitUntil(() => {
      const address = other.address();
      return typeof address === "object" && address?.port;
    });

    await expect(simulate([`--port=${port}`], () => {})).rejects.toThrow(
      `port ${port} is taken: choose another with --port`,
    );
  });
}
