/** One environment variable: how its text is read, and its description. */
import type { z } from "zod";
import type { Door } from "../core/event.ts";

export type Field<T> = z.ZodType<T, string>;

type Told = {
  /** The comment above the variable in `.env.example`. Empty if the text of the variable before covers both. */
  readonly about: string;
  /** The variable may come as `NAME_FILE`, and no message shows its value. */
  readonly isSecret?: boolean;
  /** Setting this variable opens this door. Missing for names that other programs use too, and for details. */
  readonly opens?: Door;
};

export type Setting<T = unknown> = Told & {
  readonly field: Field<T>;
  /** The default, as text. Without a default the variable is optional. */
  readonly default?: string;
};

export type Settings = Readonly<Record<string, Setting>>;

export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends { readonly default: string }
    ? z.output<S[Name]["field"]>
    : z.output<S[Name]["field"]> | undefined;
};

/** Settings that are one group in `.env.example`. */
export type SettingGroup = { readonly title: string; readonly settings: Settings };
