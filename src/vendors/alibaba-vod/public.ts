/** `reliable-callback/alibaba-vod`: everything that handlers of Alibaba Cloud VOD's events need. */
export { type EventType, on, type PayloadOf } from "./events/events.ts";
export { createUrlSigner, type UrlSigningOptions } from "./events/url-signing.ts";
