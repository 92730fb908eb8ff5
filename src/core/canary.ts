/**
 * A job without an event. It goes through the queue once a minute, to measure how long that takes. All replicas share
 * the queue, so one canary is enough. Any replica may send or take it. A single replica that takes no jobs is detected
 * by its own progress, not by the canary.
 */
export const CANARY_ID = "canary";
