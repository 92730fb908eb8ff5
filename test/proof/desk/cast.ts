/** The event types on the desk's stage, and how their handlers behave. */

/** The handler is done at once. */
export const QUICK_TYPE = "NewFileUpload";
/** The handler takes `SLOW_MS`. */
export const SLOW_TYPE = "TranscodeComplete";
export const SLOW_MS = 800;
/** One of these events runs and does not end, so the others wait for its limit. */
export const HELD_TYPE = "ComposeMediaComplete";
/** These events began to fail some minutes ago. The other types in `FAILURES` began hours ago. */
export const FRESH_TYPE = "PullComplete";
/** The vendor forgets these events first. */
export const OLDEST_TYPE = "ConcatComplete";

/** The permanent errors of the failing handlers. Each text contains an event id, so no two texts are equal. */
export const FAILURES: Readonly<Record<string, (id: string) => string>> = {
  [OLDEST_TYPE]: (id) => `catalogue answered 503 for event ${id}`,
  [FRESH_TYPE]: (id) => `connect ECONNREFUSED 10.0.3.7:5432 while ${id} was stored`,
  ClipComplete: (id) => `no row in table "clips" has the key ${id}`,
  CreateImageSpriteComplete: (id) => `PUT https://pictures.example.com/${id}: 403 Forbidden`,
  EditMediaComplete: () => "Unexpected token '<', \"<!doctype \"... is not valid JSON",
  ReviewAudioVideoComplete: (id) => `review of ${id} says block, and no rule is there for it`,
};
