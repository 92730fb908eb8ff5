/**
 * The descriptor of a vendor: its settings, the doors that they open, and the readers of its events. Each vendor's
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

/** The settings that vendors' rules may use. Undefined if they have mistakes themselves. */
type RuledSettings = {
  readonly roles: readonly string[] | undefined;
  /** How long a confirmed event is remembered. The inbox refuses the events of a slower pull. */
  readonly confirmGraceMs: number | undefined;
};

/** An agent of Node takes it as its `proxyEnv`. */
export type ProxyEnv = { readonly HTTPS_PROXY?: string; readonly HTTP_PROXY?: string; readonly NO_PROXY?: string };

/** An address that tells the vendor's time. The vendor refuses signatures with another time. */
export type Clock = { readonly url: string; readonly proxyEnv: ProxyEnv };

/** Finds something in the bodies of some types; undefined in those of all others. */
type Reader<T, Options = undefined> = {
  readonly types: readonly string[];
  read(type: string, body: JsonObject, options?: Options): T | undefined;
};

type About = {
  /** Its name in events, paths and sources: `VENDOR/...`. */
  readonly name: string;
  /** Its name for people. */
  readonly title: string;
  readonly settings: Settings;
  /** The settings that the most common door needs at least. */
  readonly needs: readonly string[];
  /** Prefixes of its settings that no other program uses. An unknown name with such a prefix is noted. */
  readonly prefixes: readonly string[];
  /** The settings for its simulator with default options. `npm run simulate` runs the first vendor's. */
  readonly trial?: Readonly<Record<string, string>>;
  /** Every type of event that it is known to report. */
  readonly types: readonly string[];
  /** A pattern for further types that cannot be listed. */
  readonly openTypes?: RegExp;
  /** Fields anywhere in the body whose values people search for. */
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
  /** The settings without a mistake. */
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
  /** Rules between settings. Each mistake names the setting to change. */
  readonly rules?: (context: RuleContext<S>) => readonly (string | undefined)[];
  /** Settings that are allowed and probably not meant. */
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
