/**
 * The documented fields of ZEGOCLOUD's events. The schemas are loose: numbers and texts may replace each other, fields
 * may be missing, and fields that are not listed are kept. A field is required only if the event is useless without it.
 */
import { CLOUD_PAYLOADS } from "./payloads/cloud.ts";
import { LIVE_PAYLOADS } from "./payloads/live.ts";
import { MEDIA_PAYLOADS } from "./payloads/media.ts";

/** By type of event. */
export const PAYLOADS = { ...LIVE_PAYLOADS, ...MEDIA_PAYLOADS, ...CLOUD_PAYLOADS } as const;
