import { expect, test } from "vitest";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./poller-setup.ts";

test("a parked event that returns is only renewed, unless PARKED=confirm", async () => {
  const { poller, source, inbox, confirm, answerAll, said } = setup();
  answerAll({ verdict: "park", id: "ev-r0" });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(inbox.mark).not.toHaveBeenCalled();
  expect(confirm).not.toHaveBeenCalled();
  expect(said("warn", "error")).toEqual([]);
});

test("a parked event that returns is confirmed under PARKED=confirm as one that did not succeed, which is said and counted", async () => {
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

test("a parked event that returns keeps its receipt under PARKED=confirm while another event needs the same", async () => {
  const { poller, source, inbox, confirm, answerAll } = setup({ parked: "confirm" });
  answerAll({ verdict: "park", id: "ev-r0" });
  inbox.mark.mockResolvedValueOnce({ stored: true });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(inbox.mark).toHaveBeenCalledOnce();
  expect(confirm).not.toHaveBeenCalled();
});

test("a parked event that returns and was handled after all meanwhile is not reported as confirmed without success", async () => {
  const { poller, source, inbox, answerAll, said, meter } = setup({ parked: "confirm" });
  answerAll({ verdict: "park", id: "ev-r0" });
  inbox.mark.mockResolvedValueOnce({ stored: false });
  source.publish(1);

  poller.start();
  await pass(10);

  expect(said("warn")).toEqual([]);
  expect(meter.total("dropped")).toBe(0);
});
