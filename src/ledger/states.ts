/**
 * What is known of every event that its vendor may still deliver. One sentence carries it: one successful run pays for
 * exactly one confirmation.
 *
 * **A pulled event** has one record, found by its fingerprint, until it is confirmed. Its states:
 *
 * | state       | means                                    | a delivery inside the last window | a delivery after it                          | left by |
 * | ----------- | ---------------------------------------- | --------------------------------- | -------------------------------------------- | ------- |
 * | (none)      | never seen, or confirmed for good        |                                   | `pending`, a job is added, if there is room  | |
 * | `pending`   | its job waits, runs or is parked         | skipped: it comes back by itself  | renews the receipt; adds its job again if it is gone; makes it `handled` if its job completed | `mark`: its handler succeeded; `discard`: an operator gave it up; `sweep`: it stayed away, and its job completed or is gone |
 * | `handled`   | its confirmation is due                  | skipped, likewise                 | renews the receipt, which is confirmed       | `settle`: the vendor took the receipt; `quiet`: it stayed away; `end`: an operator says so, or the data went back |
 * | `confirmed` | its record is gone; the time is known for the grace, for pulls under way | pulled before: skipped            | pulled after it: a new event                 | time |
 *
 * Times are Redis TIME, in ms: no two processes' clocks are ever compared. `sent` is taken before a pull's request, so a
 * window is certainly open until `sent` + window and certainly closed from the answer + window on. Identical bodies are
 * told apart by this alone: a known body renews its event only after the window of its last receipt closed.
 *
 * | field         | holds |
 * | ------------- | ----- |
 * | `state`       | one of the states above |
 * | `id`          | of the event, and of its job |
 * | `receipt`     | the newest one |
 * | `receiptHash` | the same, short: the field under which it stands in the source's receipts |
 * | `openUntil`   | before this the vendor's window is certainly open |
 * | `closedFrom`  | from this on it is certainly closed |
 * | `returnsFrom` | a delivery before this is not taken for the event's return |
 * | `firstSeen`   | its first delivery |
 * | `absent`      | of a handled event: `0`; `empty` or `short` after such an answer in which it did not return |
 * | `absentFrom`  | since when |
 * | `extending`   | `1` while an extension may have replaced the receipt: a refusal of it says nothing |
 * | `givenTwice`  | `1` if the receipt was given out again after the first time: two calls may carry it, and one is refused |
 * | `attempt`     | of a handled event: the attempt that succeeded, for the history, unless its life has it already; else empty |
 *
 * **A pushed event** has no receipt and no window. It is known by its fingerprint for as long as its vendor repeats an
 * unanswered call: its id, and one of these states:
 *
 * | state      | means |
 * | ---------- | ----- |
 * | `reserved` | its id is fixed, its job is being added; the vendor's next call goes on from there |
 * | `queued`   | its job was added |
 * | `handled`  | its handler succeeded |
 * | `paired`   | the same event was pulled, now or before; the next one with this body is a new event |
 *
 * Why a state changed, as `changed` in `lua/records.lua` is told it:
 *
 * | reason        | means |
 * | ------------- | ----- |
 * | `pulled`      | a pull brought it |
 * | `called`      | its vendor called |
 * | `added`       | its job was added |
 * | `succeeded`   | its handler succeeded |
 * | `given up`    | it was given up knowingly: no handler, parked, or by hand |
 * | `pushed`      | it was handled already, as a pushed event |
 * | `taken`       | the vendor took its receipt, or had taken it |
 * | `by hand`     | an operator ended it, since its confirmation is lost |
 * | `went back`   | Redis came back with older data, in which it was handled: it may be confirmed by now |
 * | `forgotten`   | its vendor's retention is over: a handled one is taken for confirmed, a pending one is unknown again |
 * | `stayed away` | it did not return, at two looks more than a window apart |
 * | `gone`        | it did not return, and its job is gone: the note of its success was lost. If it returns, it is a new event |
 */
export const RECORD_STATES = ["pending", "handled", "confirmed"] as const;
export const PUSH_STATES = ["reserved", "queued", "handled", "paired"] as const;
