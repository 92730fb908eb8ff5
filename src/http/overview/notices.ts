/** What the overview says after an action. The address carries only the name: nobody can link words of their own into the page. */
export const NOTICES: ReadonlyMap<string, string> = new Map([
  ["retried", "The event gets another attempt."],
  ["not-parked", "Nothing was retried: the event is not parked, or not any more."],
  ["discarded", "The event is given up; its vendor is told, if it still waits for that."],
  ["ended", "The event counts as confirmed. If its vendor still has it, it comes back and runs again."],
  ["not-handled", "Nothing was ended: the event is not handled, or it is confirmed by now."],
  ["not-open", "Nothing was discarded: the event is not open any more, or it is running now."],
]);
