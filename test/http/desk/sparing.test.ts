import { expect, test, vi } from "vitest";
import { sparing } from "../../../src/http/desk/sparing.ts";
import { pass, useFakeClock } from "../../support/fake-clock.ts";
import { recordingLog } from "../../support/recording.ts";

/** Answers are numbered, and each takes `ms`. */
function setup(ms: number, waitMs = 1_000) {
  useFakeClock();
  let count = 0;
  const look = vi.fn(async () => {
    const answer = { number: ++count };
    await new Promise((resolve) => setTimeout(resolve, ms));
    return answer;
  });
  const { log } = recordingLog();
  const { read, doubt } = sparing({ name: "numbers", waitMs, log }, look);
  const numberAfter = async (passed: number) => {
    const reading = read();
    await pass(passed);
    return (await reading)?.number;
  };
  return { look, read, doubt, numberAfter };
}

test("the desk's cached reads take at most a tenth of the time", async () => {
  const { look, numberAfter } = setup(100);

  expect(await numberAfter(100)).toBe(1);
  expect(await numberAfter(990)).toBe(1);
  expect(look).toHaveBeenCalledOnce();
  await pass(20);
  expect(await numberAfter(100)).toBe(2);
});

test("while the next read takes too long the desk shows the previous result", async () => {
  const { numberAfter, doubt } = setup(100, 50);

  expect(await numberAfter(100)).toBeUndefined();
  doubt();
  expect(await numberAfter(50)).toBe(1);
});

test("after an operator's action the desk reads anew, even if a read was already running", async () => {
  const { read, doubt, numberAfter } = setup(100);
  const under = read();
  await pass(50);
  doubt();
  await pass(50);
  expect((await under)?.number).toBe(1);

  expect(await numberAfter(100)).toBe(2);
  expect(await numberAfter(0)).toBe(2);
  doubt();
  expect(await numberAfter(100)).toBe(3);
});
