import type { z } from "zod";

/** The fields that a schema reads, without those that it only passes on. So the compiler reports a misspelt name. */
export type Documented<S extends z.ZodType> = Named<z.infer<S>>;

type Named<T> = T extends (infer Item)[]
  ? Named<Item>[]
  : T extends object
    ? NamesIn<T> extends never
      ? T
      : { [K in keyof T as K extends NamesIn<T> ? K : never]: Named<T[K]> }
    : T;

/** An index signature is not a field name. */
type NamesIn<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };
