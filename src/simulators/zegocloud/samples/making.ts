/** Parts of all samples. */
import { hash } from "node:crypto";

/** A bigint is written as a number with all its digits. */
export type Fields = Readonly<Record<string, unknown>>;

export type Ids = {
  digits(length: number): string;
  hex(length: number): string;
};

export type Sample = (ids: Ids, appId: string) => Fields;

/** Hashes of a counter: no two alike, the same for the same seed. */
export function createIds(seed: number): Ids {
  let made = 0;
  const hex = (length: number): string => {
    made += 1;
    return hash("sha256", `${seed} ${made}`).slice(0, length);
  };
  return {
    hex,
    digits: (length) =>
      BigInt(`0x${hex(32)}`)
        .toString()
        .padStart(40, "7")
        .slice(-length),
  };
}

/** UNIX seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
