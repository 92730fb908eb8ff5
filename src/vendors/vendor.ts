/**
 * What a vendor is to the rest of the worker: its settings, the doors they open, and what reads its events. Each vendor's
 * folder exports one such descriptor, and `index.ts` lists them. Nothing else outside the folder knows the vendor.
 */
import type { Logger } from "pino";
import type { JsonObject } from "../core/event.ts";
import type { Receiver } from "../core/receiver.ts";
import type { Source } from "../core/source.ts";
import { type Given, readSettings } from "../settings/given.ts";
import type { Settings, ValuesOf } from "../settings/setting.ts";
import type { Outcome } from "./parsing/outcome.ts";
import type { Media, SnapshotOptions, Snapshots } from "./parsing/results.ts";

/** The settings of all vendors' doors. */
export type SharedSettings = {
  readonly proxyEnv: ProxyEnv;
  /** The unguessable end of every callback path; several while it is changed. */
  readonly callbackSuffixes: readonly string[] | undefined;
};

/** The settings that vendors' rules may look at; undefined where they have mistakes themselves. */
type RuledSettings = {
  readonly roles: readonly string[] | undefined;
  /** How long a confirmed event is remembered. The inbox refuses what a pull brings later than this. */
  readonly confirmGraceMs: number | undefined;
};

/** An agent of Node takes it as its `proxyEnv`. */
export type ProxyEnv = { readonly HTTPS_PROXY?: string; readonly HTTP_PROXY?: string; readonly NO_PROXY?: string };

/** An address whose answers tell the vendor's time: it refuses signatures of another. */
export type Clock = { readonly url: string; readonly proxyEnv: ProxyEnv };

/** Finds something in the bodies of some types; undefined in those of all others. */
type Reader<T, Options = undefined> = {
  readonly types: readonly string[];
  read(type: string, body: JsonObject, options?: Options): T | undefined;
};

type About = {
  /** Of its events, and in paths and sources: `VENDOR/...`. */
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  readonly settings: Settings;
  /** What it takes at least, for the door that most people open. */
  readonly needs: readonly string[];
  /** How the names of its settings begin, where no other program's do: a slip in such a name is noted. */
  readonly prefixes: readonly string[];
  /** Its settings for its simulator as that starts by default; `npm run simulate` runs the first vendor's. */
  readonly trial?: Readonly<Record<string, string>>;
  /** Every type of event that it is known to report. */
  readonly types: readonly string[];
  /** Types of which there are more than can be listed. */
  readonly openTypes?: RegExp;
  /** The fields whose values people look for an event by, wherever they stand in its body. */
  readonly subjects: readonly string[];
  /** The state of the work that an event reports; undefined where it does not say. */
  outcomeOf(type: string, body: JsonObject): Outcome | undefined;
  readonly snapshots?: Reader<Snapshots, SnapshotOptions>;
  readonly media?: Reader<Media>;
};

export interface Vendor extends About {
  /** `configure` is missing where a setting has a mistake. */
  read(
    given: Given,
    ruled: RuledSettings,
  ): {
    readonly mistakes: readonly string[];
    readonly configure?: (shared: SharedSettings) => ConfiguredVendor;
  };
}

/** A vendor with the settings of those of its doors that are open. */
export type ConfiguredVendor = Pick<About, "name" | "title" | "subjects"> & {
  readonly pull?: object;
  readonly push?: object;
  readonly longestPullMs?: number;
  readonly clock?: Clock;
  readonly notes: readonly string[];
  openSources(log: Logger): Promise<readonly Source[]>;
  openReceivers(): Promise<readonly Receiver[]>;
};

export type RuleContext<S extends Settings> = RuledSettings & {
  readonly has: Given["has"];
  /** Those without a mistake. */
  readonly values: Partial<ValuesOf<S>>;
};

/** Its code is loaded when it is opened, by `import()`: some vendors' libraries take a second and 60 MB. */
type PullDoor<Values, P extends object> = {
  /** Its settings; undefined where it is closed. */
  read(values: Values, shared: SharedSettings): P | undefined;
  open(settings: P, log: Logger): Promise<readonly Source[]>;
  /** A CONFIRM_GRACE_MS that is not longer is noted. */
  readonly longestPullMs?: number;
  clock?(settings: P): Clock;
};

type PushDoor<Values, P extends object> = {
  read(values: Values, shared: SharedSettings): P | undefined;
  open(settings: P): Promise<readonly Receiver[]>;
};

type Description<S extends Settings, Pull extends object, Push extends object> = About & {
  readonly settings: S;
  /** Between settings: each mistake names what to change. */
  readonly rules?: (context: RuleContext<S>) => readonly (string | undefined)[];
  /** Probably not meant, and no mistake. */
  readonly notes?: (values: ValuesOf<S>) => readonly string[];
  readonly pull?: PullDoor<ValuesOf<S>, Pull>;
  readonly push?: PushDoor<ValuesOf<S>, Push>;
};

export function defineVendor<S extends Settings, Pull extends object = never, Push extends object = never>(
  description: Description<S, Pull, Push>,
): Vendor {
  const { rules = () => [], notes = () => [], pull: pullDoor, push: pushDoor, ...about } = description;
  const { name, title, subjects } = about;

  return {
    ...about,
    read(given, ruled) {
      const { values, complete, mistakes } = readSettings(description.settings, given);
      const broken = rules({ has: given.has, values, ...ruled }).filter((mistake) => mistake !== undefined);
      return {
        mistakes: [...mistakes, ...broken],
        ...(complete && { configure: (all) => configured(complete, all) }),
      };
    },
  };

  function configured(values: ValuesOf<S>, shared: SharedSettings): ConfiguredVendor {
    const pull = pullDoor?.read(values, shared);
    const push = pushDoor?.read(values, shared);
    const clock = pull && pullDoor?.clock?.(pull);
    const longestPullMs = pull && pullDoor?.longestPullMs;
    return {
      name,
      title,
      subjects,
      ...(pull && { pull }),
      ...(push && { push }),
      ...(clock && { clock }),
      ...(longestPullMs !== undefined && { longestPullMs }),
      notes: pull || push ? notes(values) : [],
      openSources: async (log) => (pull && (await pullDoor?.open(pull, log))) ?? [],
      openReceivers: async () => (push && (await pushDoor?.open(push))) ?? [],
    };
  }
}
