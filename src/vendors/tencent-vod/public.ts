/** `reliable-callback/tencent-vod`: everything that handlers of Tencent VOD's events need. */
export type { EventType, PayloadOf } from "./events/event-types.ts";
export { on } from "./events/events.ts";
export { createUrlSigner, type UrlSigningOptions } from "./events/url-signing.ts";
