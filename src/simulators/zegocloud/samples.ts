/**
 * Plausible events of every kind, no two with the same ids.
 *
 * The table is the simulator's own and not the receiver's, so that a mistake in either one shows.
 */
import { LIVE_SAMPLES } from "./samples/live.ts";
import { createIds, type Fields, type Sample } from "./samples/making.ts";
import { CLOUD_SAMPLES, MEDIA_SAMPLES } from "./samples/media.ts";

const SAMPLES = new Map<string, Sample>(Object.entries({ ...LIVE_SAMPLES, ...MEDIA_SAMPLES, ...CLOUD_SAMPLES }));

/** Numbered events have the receiver's names. Of these and of the moderation events only a few kinds exist here. */
export const EVENT_KINDS: readonly string[] = [...SAMPLES.keys()];

export type SampleMaker = {
  /** The fields of an event of this kind, without its proof. An unknown kind has only its name. */
  fields(kind: string): Fields;
};

/** Equal seeds make equal events in equal order, except for their times. */
export function createSamples(seed: number, appId = "3141592653"): SampleMaker {
  const ids = createIds(seed);
  return {
    fields: (kind) => SAMPLES.get(kind)?.(ids, appId) ?? { appid: appId, event: kind, id: ids.hex(16) },
  };
}
