import { sourceContract } from "../../../contracts/source.ts";
import { KEYS, simulated } from "./simulated.ts";

const CODES = {
  outage: "InternalError",
  limit: "RequestLimitExceeded",
  configuration: "UnauthorizedOperation",
  clock: "AuthFailure.SignatureExpire",
  refused: "InvalidParameterValue",
};

sourceContract("Tencent VOD as a source", async (times) => {
  const [subAppId, otherSubAppId] = [1500000001, 1500000002];
  const { simulator, create } = await simulated({ ...times, subAppIds: [subAppId, otherSubAppId] });
  return {
    source: create({ subAppId }),
    other: create({ subAppId: otherSubAppId }),
    secrets: Object.values(KEYS),
    vendor: {
      publish(contents, queue = "source") {
        for (const FileId of contents) {
          const application = queue === "source" ? subAppId : otherSubAppId;
          simulator.publish("NewFileUpload", { subAppId: application, body: { FileId } });
        }
      },
      pulls: () => simulator.stats().calls["PullEvents"] ?? 0,
      confirmed: () => simulator.stats().confirmed,
      failNext(action, kind) {
        const code = { kind: "error", code: CODES[kind], message: `what ${KEYS.secretId} asked is refused` } as const;
        simulator.faults.inject({ ...code, action: action === "pull" ? "PullEvents" : "ConfirmEvents" });
      },
      vanish: () => simulator.close(),
    },
  };
});
