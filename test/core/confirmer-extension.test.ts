import { expect, test } from "vitest";
import { Confirmer } from "../../src/core/confirmer.ts";
import { VendorError } from "../../src/core/errors.ts";
import { createHolder } from "../../src/core/holder.ts";
import type { Extended } from "../../src/core/source.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { deliveryOf, FakeSource } from "../support/fake-source.ts";
import { MemoryInbox } from "../support/memory-inbox.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";

/** An event was handled during an extension. The vendor has replaced its receipt but has not answered yet. */
async function setup() {
  useFakeClock();
  const answer = Promise.withResolvers<Extended>();
  const source = Object.assign(new FakeSource(), {
    extend: async (receipt: string) => {
      source.dead.add(receipt);
      return await answer.promise;
    },
  });
  const inbox = new MemoryInbox({ now: () => performance.now() });
  const { log } = recordingLog();
  const confirmer = new Confirmer({ source, inbox, log, meter: new RecordingMeter() });
  const delivery = deliveryOf("r0");
  const { acceptances } = await inbox.accept(source, performance.now(), [delivery]);
  const [added] = acceptances;
  const id = added && "id" in added ? added.id : "";
  const event = { id, fingerprint: delivery.fingerprint, source: source.name };

  const running = new AbortController();
  createHolder({ sources: [source], inbox, confirm: confirmer.add, log })(event, () => running.signal);
  await pass(16_000);
  running.abort();
  const { confirmation } = await inbox.mark(event, true);
  if (confirmation) confirmer.add(confirmation);
  return { source, inbox, answer };
}

test("a receipt that is refused while an extension replaces it is confirmed with the new one", async () => {
  const { source, inbox, answer } = await setup();
  source.failNext("confirm", new VendorError("outage", "no answer"));
  await pass(2_000);
  expect(source.confirms.map(({ receipts }) => receipts)).toEqual([["r0"], ["r0"]]);
  expect(inbox.open).toBe(1);

  answer.resolve({ receipt: "r1", windowMs: 60_000 });
  await pass(1_000);
  expect(source.confirms.at(-1)?.receipts).toEqual(["r1"]);
  expect(inbox.open).toBe(0);
});

test("if the extension's answer is lost as well, the event is confirmed with the receipt of its next delivery", async () => {
  const { source, inbox, answer } = await setup();
  source.failNext("confirm", new VendorError("outage", "no answer"));
  await pass(2_000);
  answer.reject(new VendorError("outage", "no answer"));
  await pass(60_000);
  expect(inbox.open).toBe(1);
  const { acceptances } = await inbox.accept(source, performance.now(), [{ ...deliveryOf("r0"), receipt: "r2" }]);
  expect(acceptances).toMatchObject([{ verdict: "confirm", confirmation: { receipt: "r2" } }]);
});
