import { describe } from "vitest";
import { sourceContract } from "../../../contracts/source.ts";
import { KEYS, QUEUE, simulated } from "./simulated.ts";

const CODES = {
  outage: "InternalError",
  limit: "QpsLimitExceeded",
  configuration: "AccessDenied",
  clock: "TimeExpired",
  refused: "ReceiptHandleError",
};

describe.each(["v2", "v4"] as const)("signed with %s:", (signature) => {
  sourceContract("MNS as a source", async ({ windowMs, longPollMs }) => {
    const other = "other-events";
    const { simulator, create } = await simulated({ visibilityMs: windowMs, longPollMs, queues: [QUEUE, other] });
    const options = { signature, visibilityMs: windowMs, waitedAfterMs: 1_000 };
    return {
      source: create(options),
      other: create({ ...options, queue: other }),
      secrets: Object.values(KEYS),
      vendor: {
        publish(contents, queue = "source") {
          for (const VideoId of contents)
            simulator.publish(
              { EventType: "FileUploadComplete", VideoId },
              { queue: queue === "source" ? QUEUE : other },
            );
        },
        pulls: () => simulator.stats().calls["BatchReceiveMessage"] ?? 0,
        confirmed: () => simulator.stats().confirmed,
        failNext(action, kind) {
          const message = `what ${KEYS.accessKeyId} asked is refused`;
          const about = action === "pull" ? "BatchReceiveMessage" : "BatchDeleteMessage";
          simulator.faults.inject({ kind: "error", code: CODES[kind], status: 403, message, action: about });
        },
        vanish: () => simulator.close(),
      },
    };
  });
});
