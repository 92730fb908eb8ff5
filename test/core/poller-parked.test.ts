import { expect, test } from "vitest";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./poller-setup.ts";

test("a parked event that returns only gets its receipt renewed, unless PARKED=confirm", async () => {
  const { poller, source, inbox, confirm, answerAll, said } = setup();
  answerAll({ verdict: "park", id: "ev-r0" });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(inbox.mark).not.toHaveBeenCalled();
  expect(confirm).not.toHaveBeenCalled();
  expect(said("warn", "error")).toEqual([]);
});

test("under PARKED=confirm a parked event that returns is confirmed without success, which is logged and counted", async () => {
  const { poller, source, inbox, confirm, answerAll, said, meter } = setup({ parked: "confirm" });
  answerAll({ verdict: "park", id: "ev-r0" });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(inbox.mark.mock.calls).toEqual([[{ id: "ev-r0", fingerprint: "fp-r0", source: "fake/1" }, false]]);
  expect(confirm).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ receipt: "receipt of ev-r0" }));
  expect(said("warn")).toEqual(["parked, confirmed without success because PARKED=confirm"]);
  expect(meter.total("dropped", { source: "fake/1", type: "Uploaded", why: "parked" })).toBe(1);
});

test("under PARKED=confirm a parked event is not confirmed while another event shares its receipt", async () => {
  const { poller, source, inbox, confirm, answerAll } = setup({ parked: "confirm" });
  answerAll({ verdict: "park", id: "ev-r0" });
  inbox.mark.mockResolvedValueOnce({ stored: true });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(inbox.mark).toHaveBeenCalledOnce();
  expect(confirm).not.toHaveBeenCalled();
});

test("a parked event that was handled before it returned is not reported as confirmed without success", async () => {
  const { poller, source, inbox, answerAll, said, meter } = setup({ parked: "confirm" });
  answerAll({ verdict: "park", id: "ev-r0" });
  inbox.mark.mockResolvedValueOnce({ stored: false });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(said("warn")).toEqual([]);
  expect(meter.total("dropped")).toBe(0);
});
