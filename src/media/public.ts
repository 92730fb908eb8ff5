/** `reliable-callback/media`: the pictures and files that events report, whoever made them. */
export type { Media, MediaFile, MediaKind, Snapshot, SnapshotOptions, Snapshots } from "../vendors/parsing/results.ts";
export { mediaOf, onMedia } from "./files.ts";
export { onSnapshots, snapshotsOf } from "./snapshots.ts";
