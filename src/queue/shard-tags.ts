import { slotOf } from "./cluster-slot.ts";

const SLOTS = 16_384;

/**
 * The hash tags of a deployment's shards in a cluster. The first one is the prefix. The others lie near the middles of the
 * other bands, if the slots are cut into as many bands as there are shards.
 */
export function shardTags(prefix: string, count: number): readonly string[] {
  const width = SLOTS / count;
  const first = Math.floor(slotOf(`{${prefix}}`) / width);
  const others = Array.from({ length: count - 1 }, (_, index) => (first + index + 1) % count);
  return [prefix, ...others.map((band) => tagNear((band + 0.5) * width, width / 4, `${prefix}.${band}`))];
}

function tagNear(middle: number, within: number, begins: string): string {
  for (let n = 0; ; n += 1) {
    const tag = `${begins}.${n}`;
    if (Math.abs(slotOf(`{${tag}}`) - middle) < within) return tag;
  }
}
