import { createZegoReceiver } from "../../../../src/vendors/zegocloud/push/receiver.ts";
import { receiverContract } from "../../../contracts/receiver.ts";
import { callOf, jsonCall, NOW_MS, proofFields, SECRET } from "./calls.ts";

const OTHER_SECRET = "00000000000000000000000000000000";

receiverContract("ZEGOCLOUD's callbacks", () => ({
  receiver: createZegoReceiver({ secrets: [OTHER_SECRET, SECRET], now: () => NOW_MS }),
  vendor: {
    call: (content) => jsonCall(snapshotOf(content)),
    callWith: (content, member) => {
      const known = JSON.stringify({ ...snapshotOf(content), ...proofFields() });
      return callOf(`${known.slice(0, -1)},${member}}`);
    },
    callOf,
    unreadable: (text) => callOf(`${JSON.stringify({ ...snapshotOf(text), ...proofFields() }).slice(0, -1)},}`),
    forged: (content) => ({
      "no proof": jsonCall(snapshotOf(content), {}),
      "no signature": jsonCall(snapshotOf(content), { ...proofFields(), signature: undefined }),
      "an empty signature": jsonCall(snapshotOf(content), { ...proofFields(), signature: "" }),
      "another secret": jsonCall(snapshotOf(content), proofFields("guessed")),
      "another nonce": jsonCall(snapshotOf(content), { ...proofFields(), nonce: "1" }),
      "another time": jsonCall(snapshotOf(content), { ...proofFields(), timestamp: String(NOW_MS / 1000 + 99) }),
      "an old time": jsonCall(snapshotOf(content), proofFields(SECRET, NOW_MS / 1000 - 400)),
      "a time ahead": jsonCall(snapshotOf(content), proofFields(SECRET, NOW_MS / 1000 + 400)),
      "a proof that is a list": jsonCall(snapshotOf(content), { ...proofFields(), signature: ["a"] }),
      "no JSON, and no secret": callOf(`{"a":,${JSON.stringify(proofFields("guessed")).slice(1)}`),
    }),
  },
  source: "zegocloud",
  type: "snapshot",
  secrets: [SECRET, OTHER_SECRET],
}));

function snapshotOf(content: string) {
  return {
    appid: "3141592653",
    event: "snapshot",
    task_id: content,
    vendor: "tencent",
    field_id: "5285890784273533167",
    snapshot_pic_list: JSON.stringify([{ url: "https://pictures.example.com/a%2Fb.jpg", offset: 0 }]),
    sizes: { first: 1 },
  };
}
