/**
 * `reliable-callback/media`: the pictures and files that events report, and the outcome of the work, for all vendors.
 */
export type { Outcome, OutcomePart, OutcomeState } from "../vendors/parsing/outcome.ts";
export type { Media, MediaFile, MediaKind, Snapshot, SnapshotOptions, Snapshots } from "../vendors/parsing/results.ts";
export { mediaOf, onMedia } from "./files.ts";
export { outcomeOf } from "./outcomes.ts";
export { onSnapshots, snapshotsOf } from "./snapshots.ts";
