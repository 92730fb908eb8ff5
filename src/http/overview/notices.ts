/** What the overview says after an action. The address carries only the name: nobody can link words of their own into the page. */
export const NOTICES: ReadonlyMap<string, string> = new Map([
  ["retried", "The event gets another attempt."],
  ["not-parked", "Nothing was retried: the event is not parked, or not any more."],
  ["discarded", "The event is given up; it will be confirmed to its vendor."],
  ["not-open", "Nothing was discarded: the event is not open any more, or it is running now."],
]);
