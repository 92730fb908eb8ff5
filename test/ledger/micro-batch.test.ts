import { expect, test } from "vitest";
import { MicroBatch } from "../../src/ledger/micro-batch.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store that records its requests. It answers at once, or with `byHand` when the test says so. */
function setup({ most = 64, byHand = false } = {}) {
  const calls: { readonly items: readonly string[]; answer(): void; fail(err: unknown): void }[] = [];
  const batch = new MicroBatch<string, string>(most, (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const answer = (): void => resolve(items.map((item) => `${item}!`));
    calls.push({ items, answer, fail: reject });
    if (!byHand) answer();
    return promise;
  });
  return { batch, calls, asked: () => calls.map(({ items }) => items) };
}

test("requests of one event-loop turn become one call, and each gets its own answer", async () => {
  const { batch, asked } = setup();

  const answers = await Promise.all(["a", "b", "c"].map((item) => batch.add(item)));

  expect(answers).toEqual(["a!", "b!", "c!"]);
  expect(asked()).toEqual([["a", "b", "c"]]);
});

test("no call has more items than allowed, and the order is kept", async () => {
  const { batch, asked } = setup({ most: 2 });

  const answers = await Promise.all(["a", "b", "c", "d", "e"].map((item) => batch.add(item)));

  expect(answers).toEqual(["a!", "b!", "c!", "d!", "e!"]);
  expect(asked()).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("requests that arrive during a call wait for the next one", async () => {
  const { batch, calls, asked } = setup({ byHand: true });
  const first = batch.add("a");
  await turn();
  const rest = [batch.add("b")];
  await turn();
  rest.push(batch.add("c"));
  await turn();
  expect(asked()).toEqual([["a"]]);

  calls[0]?.answer();
  expect(await first).toBe("a!");
  await turn();
  expect(asked()).toEqual([["a"], ["b", "c"]]);
  calls[1]?.answer();

  expect(await Promise.all(rest)).toEqual(["b!", "c!"]);
});

test("after a pause batching starts again", async () => {
  const { batch, asked } = setup();

  await batch.add("a");
  await turn();
  await batch.add("b");

  expect(asked()).toEqual([["a"], ["b"]]);
});

test("a failed call fails its own requests, and no later one", async () => {
  const { batch, calls } = setup({ most: 2, byHand: true });
  const [a, b, c] = ["a", "b", "c"].map((item) => batch.add(item).catch((err: unknown) => err));
  await turn();

  const failure = new Error("the store is away");
  calls[0]?.fail(failure);
  expect(await Promise.all([a, b])).toEqual([failure, failure]);
  await turn();
  calls[1]?.answer();

  expect(await c).toBe("c!");
});

test("a call that throws at once fails its own requests, and the next one works", async () => {
  let calls = 0;
  const batch = new MicroBatch<string, string>(64, (items) => {
    calls += 1;
    if (calls === 1) throw new Error("not even asked");
    return Promise.resolve(items);
  });

  await expect(batch.add("a")).rejects.toThrow("not even asked");
  expect(await batch.add("b")).toBe("b");
});

test("an item without an answer fails alone", async () => {
  const batch = new MicroBatch<string, string>(64, (items) => Promise.resolve(items.slice(0, -1)));

  const [a, b] = await Promise.allSettled([batch.add("a"), batch.add("b")]);

  expect(a).toEqual({ status: "fulfilled", value: "a" });
  expect(b).toMatchObject({ status: "rejected", reason: { message: "the store gave no answer for this item" } });
});

test("an answer of false is passed on", async () => {
  const batch = new MicroBatch<string, boolean | null>(64, (items) =>
    Promise.resolve(items.map((item) => (item ? false : null))),
  );

  expect(await Promise.all([batch.add("a"), batch.add("")])).toEqual([false, null]);
});
