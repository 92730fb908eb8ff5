/** What makes room when too many events of callbacks wait. */
export const HOW_TO_MAKE_ROOM =
  "see why handlers do not keep up, retry or discard what is parked, or raise CALLBACK_MAX_WAITING or CALLBACK_MAX_WAITING_BYTES";
