/**
 * What stands in ZEGOCLOUD's events, as far as it documents it. Read softly: numbers and texts stand for each other, fields
 * may be missing, and those that are not listed are kept. Only what an event is good for nothing without is required.
 */
import { CLOUD_PAYLOADS } from "./payloads/cloud.ts";
import { LIVE_PAYLOADS } from "./payloads/live.ts";
import { MEDIA_PAYLOADS } from "./payloads/media.ts";

/** By type of event. */
export const PAYLOADS = { ...LIVE_PAYLOADS, ...MEDIA_PAYLOADS, ...CLOUD_PAYLOADS } as const;
