/** AWS Elemental MediaConvert: its events are pulled from queues of SQS. */
import { defineVendor } from "../vendor.ts";
import { VENDOR } from "./events/events.ts";
import { EVENT_TYPES, outcomeOf } from "./events/outcomes.ts";
import { PULL, rules, SETTINGS, type Values } from "./settings.ts";

export const awsMediaconvert = defineVendor({
  name: VENDOR,
  title: "AWS MediaConvert",
  prefixes: ["AWS_MEDIACONVERT"],
  settings: SETTINGS,
  needs: PULL,
  rules,
  types: EVENT_TYPES,
  // EventBridge's names for events that other rules put into the queue.
  openTypes: / /,
  outcomeOf,
  subjects: ["jobId"],

  pull: {
    read: readPull,
    async open({ queueUrls, ...credentials }) {
      const { createMediaConvertSource } = await import("./pull/source.ts");
      return queueUrls.map((queueUrl) => createMediaConvertSource({ ...credentials, queueUrl }));
    },
    // A long poll of 8 s, and time for the network.
    longestPullMs: 12_000,
  },
});

function readPull(values: Values) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = values;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_MEDIACONVERT_QUEUE_URLS: queueUrls } = values;
  if (!accessKeyId || !secretAccessKey || !queueUrls) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken, queueUrls };
}
