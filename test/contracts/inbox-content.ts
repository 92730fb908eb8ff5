import { expect } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** A receipt may be any text. Some of these would break job ids, separators or key names if used unchanged. */
const RECEIPTS: Readonly<Record<string, string>> = {
  "nineteen digits": "7205759403792793600",
  "one digit": "0",
  colons: "a:b:c:",
  "a key of the queue": "wait",
  "another key of the queue": "events",
  "a comma and a quote": `a,b"c'd`,
  "spaces and line ends": " a\tb\r\nc ",
  unicode: "视频-完成-🎬",
  "4,000 characters": "x".repeat(4_000),
  "a number in words": "NaN",
};

const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  unicode: { Name: "视频 🎬 \u0000 \u2028 é", ключ: "значение" },
  "numbers as text": { FileId: "9223372036854775807", Size: 4294967296, Ratio: 0.1 },
  "nulls and empty things": { a: null, b: [], c: {}, d: "", e: [null, [[]]], f: false },
  "names of our own fields": { id: "x", receipt: "y", state: "confirmed", handlerSucceeded: "1", constructor: "z" },
  "a megabyte": { Text: "好".repeat(350_000) },
  "nothing at all": {},
};

export function contentContract(setup: InboxSetup): void {
  for (const [what, receipt] of Object.entries(RECEIPTS)) {
    scenario(`a receipt may be ${what}`, setup, async (t) => {
      const one = delivery(t.source, "f1", receipt);
      const event = await t.added(one);
      expect(await t.jobs.event(event.id)).toMatchObject({ body: one.body });
      const confirmation = await t.handled(event);
      expect(confirmation.receipt).toBe(receipt);
      await t.inbox.settle(confirmation, "confirmed");
      expect(await t.dueCount()).toBe(0);
    });
  }

  for (const [what, body] of Object.entries(BODIES)) {
    scenario(`a body may be ${what}`, setup, async (t) => {
      const one = { receipt: "r", fingerprint: fingerprint(t.source.name, body), type: "Любой 类型", body };
      const event = await t.added(one);
      expect(await t.jobs.event(event.id)).toMatchObject({ type: one.type, fingerprint: one.fingerprint });
      expect((await t.jobs.event(event.id))?.body).toEqual(body);
    });
  }

  scenario("the strangest receipts may come in one pull", setup, async (t) => {
    const deliveries = Object.values(RECEIPTS).map((receipt, index) => delivery(t.source, `f${index}`, receipt));
    const { verdicts, ids } = await t.pull(...deliveries);
    expect(new Set(verdicts)).toEqual(new Set(["add"]));
    expect(new Set(ids).size).toBe(deliveries.length);
    expect((await t.jobs.ids()).toSorted()).toEqual(ids.toSorted());
  });
}
