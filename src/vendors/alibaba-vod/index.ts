/** Alibaba Cloud VOD: pulled from queues of MNS, and pushed by HTTP callbacks. */
import { defineVendor, type SharedSettings } from "../vendor.ts";
import { VENDOR } from "./events/events.ts";
import { MEDIA_TYPES, mediaOf } from "./events/media.ts";
import { EVENT_TYPES, outcomeOf } from "./events/outcomes.ts";
import { SNAPSHOT_TYPES, snapshotsOf } from "./events/snapshots.ts";
import { PULL, rules, SETTINGS, type Values } from "./settings.ts";

export const alibabaVod = defineVendor({
  name: VENDOR,
  title: "Alibaba Cloud VOD",
  prefixes: ["ALIBABA_MNS", "ALIBABA_VOD"],
  settings: SETTINGS,
  needs: PULL,
  rules,
  types: EVENT_TYPES,
  outcomeOf,
  subjects: [
    "VideoId",
    "MediaId",
    "JobId",
    "TaskId",
    "SessionId",
    "FileId",
    "MediaRefreshJobId",
    "ImageId",
    "ProjectId",
    "AttachedMediaId",
  ],
  snapshots: { types: SNAPSHOT_TYPES, read: snapshotsOf },
  media: { types: MEDIA_TYPES, read: mediaOf },

  pull: {
    read: readPull,
    async open({ queues, ...options }, log) {
      const { createMnsSource } = await import("./pull/source.ts");
      return queues.map((queue) => createMnsSource({ ...options, queue, log }));
    },
    // A long poll of 8 s, and time for the network.
    longestPullMs: 12_000,
  },

  push: {
    read: readPush,
    async open(settings) {
      const { createAlibabaVodReceiver } = await import("./push/receiver.ts");
      return [createAlibabaVodReceiver(settings)];
    },
  },
});

function readPull(values: Values, { proxyEnv }: SharedSettings) {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = values;
  const { ALIBABA_MNS_ENDPOINT: endpoint, ALIBABA_MNS_QUEUES: queues } = values;
  if (!accessKeyId || !accessKeySecret || !endpoint || !queues) return undefined;
  const { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken, ALIBABA_MNS_SIGNATURE: signature } = values;
  return { accessKeyId, accessKeySecret, securityToken, endpoint, queues, signature, proxyEnv };
}

/** An unguessable path alone opens the door, too: the vendor need not sign. */
function readPush(values: Values, { callbackSuffixes }: SharedSettings) {
  const { ALIBABA_VOD_CALLBACK_URLS: callbackUrls = [], ALIBABA_VOD_AUTH_KEYS: authKeys } = values;
  return (authKeys ?? callbackSuffixes) === undefined ? undefined : { callbackUrls, authKeys: authKeys ?? [] };
}
