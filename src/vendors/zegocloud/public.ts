/** `reliable-callback/zegocloud`: everything that handlers of ZEGOCLOUD's events need. */
export { type EventType, on, type PayloadOf } from "./events/events.ts";
