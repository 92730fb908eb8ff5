import { sourceContract } from "../../../contracts/source.ts";
import { jobEvent, KEYS, QUEUE, simulated } from "./simulated.ts";

const FAULTS = {
  outage: { code: "InternalFailure", status: 500 },
  limit: { code: "ThrottlingException", status: 400 },
  configuration: { code: "AccessDeniedException", status: 403 },
  clock: { code: "InvalidSignatureException", status: 403, clockOffsetMs: -3_600_000 },
  refused: { code: "ReceiptHandleIsInvalid", status: 400 },
};

sourceContract("SQS as a source of MediaConvert's events", async ({ windowMs, longPollMs }) => {
  const other = "other-queue";
  const { simulator, create } = await simulated({ visibilityMs: windowMs, longPollMs, queues: [QUEUE, other] });
  const options = { visibilityMs: windowMs, waitedAfterMs: 1_000 };
  return {
    source: create(options),
    other: create({ ...options, queueUrl: simulator.queueUrl(other) }),
    secrets: Object.values(KEYS),
    vendor: {
      publish(contents, queue = "source") {
        for (const jobId of contents)
          simulator.publish(jobEvent("COMPLETE", { jobId }), { queue: queue === "source" ? QUEUE : other });
      },
      pulls: () => simulator.stats().calls["ReceiveMessage"] ?? 0,
      confirmed: () => simulator.stats().confirmed,
      failNext(action, kind) {
        const message = `what ${KEYS.accessKeyId} asked is refused`;
        const which = action === "pull" ? "ReceiveMessage" : "DeleteMessageBatch";
        simulator.faults.inject({ action: which, kind: "error", ...FAULTS[kind], message });
      },
      vanish: () => simulator.close(),
    },
  };
});
