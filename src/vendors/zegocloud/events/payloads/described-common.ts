/** Words for fields that many of ZEGOCLOUD's events have. */
export type Text = string | null | undefined;
export type Count = number | null | undefined;

export interface Common {
  /** The id of your application. */
  appid?: Text;
  /** When the call was made, in UNIX seconds; not when the event happened. */
  timestamp?: Text;
}
