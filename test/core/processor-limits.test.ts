import { expect, test, vi } from "vitest";
import type { Gate } from "../../src/core/limits.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

function setupGate() {
  const gate = {
    enter: vi.fn<Gate["enter"]>(async () => ({ kind: "go" })),
    leave: vi.fn<Gate["leave"]>(async () => {}),
    endCarried: vi.fn<Gate["endCarried"]>(async () => {}),
  };
  const parts = setup({ gate });
  const known = parts.find({ vendor: "fake", type: "Uploaded" });
  if (!known) throw new Error("no handler is set up");
  const limits = { name: "fake Limited", isOrdered: false, concurrency: 1 };
  parts.find.mockImplementation(({ type }) => (type === "Limited" ? { ...known, limits } : known));
  return { gate, ...parts };
}

test("a handler without limits never asks the gate, whatever the outcome of its attempts", async () => {
  const { gate, run, processor, ranFor } = setupGate();
  run.mockRejectedValueOnce(new Error("not now"));

  await processor.process(eventOf({ id: "fails" }), FIRST);
  await processor.process(eventOf({ id: "succeeds" }), FIRST);
  expect(ranFor()).toEqual(["fails", "succeeds"]);
  expect(gate.enter).not.toHaveBeenCalled();
  expect(gate.leave).not.toHaveBeenCalled();

  await processor.process(eventOf({ id: "limited", type: "Limited" }), FIRST);
  expect(gate.enter).toHaveBeenCalledOnce();
  expect(gate.leave).toHaveBeenCalledOnce();
});
