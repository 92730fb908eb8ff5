/** What came of work on a video, in one form whoever did it. */

type Item = {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The vendor's own word for what it is, where it has one: `SpriteSnapshot`, `Transcode`, ... */
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
  /** Work that failed as a whole is one item, which is not `ok`. What is still under way is none. */
  readonly items: readonly Snapshot[];
  /** How many more there are than the list may hold. */
  readonly omitted?: number;
};

export type SnapshotOptions = {
  /**
   * Where a vendor sends a rule to make addresses by, they are made below this one, such as `https://video.example.com`.
   * The vendor's own may be http only.
   */
  readonly baseUrl?: string | undefined;
  /** The most pictures of one event. The event itself may claim any number. */
  readonly most?: number | undefined;
};

export type MediaFile = Item & {
  readonly url?: string;
  /** Of the new file, where it has an id of its own. */
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
  /** The video it was made of, or the new one where there was none. */
  readonly fileId: string | undefined;
  /** Work that failed as a whole is one item, which is not `ok`. What is still under way is none. */
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

/** A picture without an address is a failed one. */
export function toSnapshots(found: readonly Found[]): readonly Snapshot[] {
  return found.map(({ kind, url, error, offsetMs }, index) => {
    const item = { index, ...present({ kind, offsetMs }) };
    if (url !== undefined && error === undefined) return { ...item, ok: true, url };
    return { ...item, ...present({ url }), ok: false, error: error ?? "it has no address" };
  });
}

/** A file needs an address or an id to be one. Its container is what its name ends in, unless the vendor says it. */
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

/** An optional field is there or it is not. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
