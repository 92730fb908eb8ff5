import type { z } from "zod";

/** What a schema reads, without the fields that it merely lets through: a slip in a name is a mistake to the compiler. */
export type Documented<S extends z.ZodType> = Named<z.infer<S>>;

type Named<T> = T extends (infer Item)[]
  ? Named<Item>[]
  : T extends object
    ? NamesIn<T> extends never
      ? T
      : { [K in keyof T as K extends NamesIn<T> ? K : never]: Named<T[K]> }
    : T;

/** An index by any text is no name. */
type NamesIn<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };
