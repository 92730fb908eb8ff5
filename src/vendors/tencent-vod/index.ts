/** Tencent VOD: pulled by PullEvents, and pushed by its normal callback. */
import { defineVendor, type SharedSettings } from "../vendor.ts";
import { EVENT_TYPES } from "./events/event-types.ts";
import { VENDOR } from "./events/events.ts";
import { MEDIA_TYPES, mediaOf } from "./events/media.ts";
import { outcomeOf } from "./events/outcomes.ts";
import { SNAPSHOT_TYPES, snapshotsOf } from "./events/snapshots.ts";
import { notes, rules, SETTINGS, type Values } from "./settings.ts";

export const tencentVod = defineVendor({
  name: VENDOR,
  title: "Tencent VOD",
  prefixes: ["TENCENT_VOD", "TENCENTCLOUD"],
  settings: SETTINGS,
  needs: ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"],
  rules,
  notes,
  trial: {
    TENCENTCLOUD_SECRET_ID: "simulator",
    TENCENTCLOUD_SECRET_KEY: "simulator",
    TENCENT_VOD_ENDPOINT: "http://127.0.0.1:8787",
  },
  types: EVENT_TYPES,
  outcomeOf,
  subjects: [
    "FileId",
    "TaskId",
    "SrcFileId",
    "SessionId",
    "ProcedureTaskId",
    "ReviewAudioVideoTaskId",
    "fileId",
    "taskId",
    "vodTaskId",
  ],
  snapshots: { types: SNAPSHOT_TYPES, read: snapshotsOf },
  media: { types: MEDIA_TYPES, read: mediaOf },

  pull: {
    read: readPull,
    async open({ applications, ...options }, log) {
      const { createTencentVodSource } = await import("./pull/source.ts");
      return applications.map((subAppId) => createTencentVodSource({ ...options, subAppId, log }));
    },
    clock: ({ endpoint, proxyEnv }) => ({ url: endpoint, proxyEnv }),
  },

  push: {
    read: readPush,
    async open({ applications, signKeys }) {
      const { createTencentVodReceiver } = await import("./push/receiver.ts");
      return applications.map((subAppId) => createTencentVodReceiver({ signKeys, subAppId }));
    },
  },
});

function readPull(values: Values, shared: SharedSettings) {
  const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = values;
  if (secretId === undefined || secretKey === undefined) return undefined;
  return {
    secretId,
    secretKey,
    sessionToken: values.TENCENTCLOUD_SESSION_TOKEN,
    applications: applicationsOf(values),
    endpoint: values.TENCENT_VOD_ENDPOINT,
    windowMs: values.TENCENT_VOD_CONFIRM_WINDOW_MS,
    maxCallsPerSecond: values.TENCENT_VOD_MAX_QPS,
    // While an application moves from push to pull, its events come through both doors.
    isPushed: readPush(values, shared) !== undefined,
    proxyEnv: shared.proxyEnv,
  };
}

/** An unguessable path alone opens the door, too: the vendor need not sign. */
function readPush(values: Values, { callbackSuffixes }: SharedSettings) {
  const signKeys = values.TENCENT_VOD_SIGN_KEY;
  if (signKeys === undefined && callbackSuffixes === undefined) return undefined;
  return { signKeys: signKeys ?? [], applications: applicationsOf(values) };
}

/** A call does not name its application, so each application has a source and a path of its own. */
function applicationsOf({ TENCENT_VOD_SUB_APP_IDS: ids }: Values): readonly (number | undefined)[] {
  return ids ?? [undefined];
}
