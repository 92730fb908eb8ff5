/** A module of its own: the schemas of the payloads, which the events need, are built only where they are read. */
export const VENDOR = "zegocloud";
