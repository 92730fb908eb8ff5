/** `reliable-callback/aws-mediaconvert`: everything that handlers of MediaConvert's events need. */
export { type EventType, on, type PayloadOf } from "./events/events.ts";
