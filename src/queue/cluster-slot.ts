const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/** The slot of a key in a cluster. The text in its first braces decides, as in `CLUSTER KEYSLOT`. */
export function slotOf(key: string): number {
  const tag = /\{([^}]+)\}/.exec(key)?.[1] ?? key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : POLYNOMIAL)) & 0xffff;
  }
  return crc % SLOTS;
}
