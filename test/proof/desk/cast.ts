/** Who plays on the stage of the desk: types of events, and what their handlers do. */

/** Handled at once. */
export const QUICK_TYPE = "NewFileUpload";
/** Its handler takes `SLOW_MS`. */
export const SLOW_TYPE = "TranscodeComplete";
export const SLOW_MS = 800;
/** One of them runs and does not end, so that the others wait for its limit. */
export const HELD_TYPE = "ComposeMediaComplete";
/** They began to fail some minutes ago, the others of `FAILURES` hours ago. */
export const FRESH_TYPE = "PullComplete";
/** Their vendor forgets them first. */
export const OLDEST_TYPE = "ConcatComplete";

/** What the handlers of these throw, for good. The ids in it make each text another one. */
export const FAILURES: Readonly<Record<string, (id: string) => string>> = {
  [OLDEST_TYPE]: (id) => `catalogue answered 503 for event ${id}`,
  [FRESH_TYPE]: (id) => `connect ECONNREFUSED 10.0.3.7:5432 while ${id} was stored`,
  ClipComplete: (id) => `no row in table "clips" has the key ${id}`,
  CreateImageSpriteComplete: (id) => `PUT https://pictures.example.com/${id}: 403 Forbidden`,
  EditMediaComplete: () => "Unexpected token '<', \"<!doctype \"... is not valid JSON",
  ReviewAudioVideoComplete: (id) => `review of ${id} says block, and no rule is there for it`,
};
