/** The pictures and files that came of work on a video, in one form for all vendors. */

type Item = {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The vendor's name for this kind of item, if it has one: `SpriteSnapshot`, `Transcode`, ... */
  readonly kind?: string;
};

export type Snapshot = Item & {
  /** Where in the video it was taken, if the vendor says so. */
  readonly offsetMs?: number;
} & (
    | { readonly ok: true; readonly url: string }
    | { readonly ok: false; readonly url?: string; readonly error: string }
  );

export type Snapshots = {
  readonly vendor: string;
  readonly taskId: string | undefined;
  /** The video they were taken of. */
  readonly fileId: string | undefined;
  /** Work that failed as a whole is one item whose `ok` is false. Work that is still under way has no item. */
  readonly items: readonly Snapshot[];
  /** The number of pictures that did not fit into the list. */
  readonly omitted?: number;
};

export type SnapshotOptions = {
  /**
   * The beginning of the addresses, such as `https://video.example.com`, for a vendor that sends a rule in place of
   * addresses. The vendor's own may be http only.
   */
  readonly baseUrl?: string | undefined;
  /** The most pictures of one event. The event itself may claim any number. */
  readonly most?: number | undefined;
};

export type MediaFile = Item & {
  readonly url?: string;
  /** The id of the new file, if it has one of its own. */
  readonly fileId?: string;
  /** `mp4`, `m3u8`, ... */
  readonly container?: string;
} & ({ readonly ok: true } | { readonly ok: false; readonly error: string });

export type MediaKind =
  | "transcode"
  | "procedure"
  | "record"
  | "compose"
  | "concat"
  | "clip"
  | "split"
  | "edit"
  | "image";

export type Media = {
  readonly vendor: string;
  readonly kind: MediaKind;
  readonly taskId: string | undefined;
  /** The source video, or the new one if there was no source. */
  readonly fileId: string | undefined;
  /** Work that failed as a whole is one item whose `ok` is false. Work that is still under way has no item. */
  readonly items: readonly MediaFile[];
};

/** An item as a vendor's reader finds it. */
export type Found = {
  readonly kind?: string | undefined;
  readonly url?: string | undefined;
  readonly error?: string | undefined;
  readonly offsetMs?: number | undefined;
  readonly fileId?: string | undefined;
  readonly container?: string | undefined;
};

/** A picture without an address counts as failed. */
export function toSnapshots(found: readonly Found[]): readonly Snapshot[] {
  return found.map(({ kind, url, error, offsetMs }, index) => {
    const item = { index, ...present({ kind, offsetMs }) };
    if (url !== undefined && error === undefined) return { ...item, ok: true, url };
    return { ...item, ...present({ url }), ok: false, error: error ?? "it has no address" };
  });
}

/**
 * A file with neither address nor id counts as failed. Unless the vendor names the container, the file's ending does.
 */
export function toMediaFiles(found: readonly Found[]): readonly MediaFile[] {
  return found.map(({ kind, url, error, fileId, container = extensionOf(url) }, index) => {
    const item = { index, ...present({ kind, url, fileId, container }) };
    const isThere = url !== undefined || fileId !== undefined;
    const fault = error ?? (isThere ? undefined : "it has neither address nor id");
    return fault === undefined ? { ...item, ok: true } : { ...item, ok: false, error: fault };
  });
}

/** `mp4` of `http://v.example.com/a/f0.mp4?sign=1`. */
function extensionOf(url: string | undefined): string | undefined {
  return /^[^?#]*\.([a-z0-9]{1,5})(?:[?#]|$)/i.exec(url ?? "")?.[1]?.toLowerCase();
}

/** Leaves out the fields that are undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
