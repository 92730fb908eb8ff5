/** The payloads of tasks that look for a watermark. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type * as Has from "./fields.ts";
import type * as Part from "./parts.ts";

type Trace = Sdk.ExtractTraceWatermarkTask;
export interface TraceWatermark extends Trace {
  /** As it was ordered. */
  Input: Part.ExtractTraceWatermarkTaskInput;
  /** The viewer that was found. */
  Output: Part.ExtractTraceWatermarkTaskOutput;
  /** The id that the call of the API returned when the work was ordered. */
  TaskId: string;
  /** `WAITING`, `PROCESSING` or `FINISH`. FINISH is not success: ask `outcomeOf(event)`. */
  Status: string;
  /** 0 for success. `outcomeOf(event)` reads it with `ErrCodeExt`. */
  ErrCode: number;
  /** The reason of a failure, as a word; empty for success. */
  ErrCodeExt: string;
  /** The failure in the vendor's words. */
  Message: string;
  /** The text that you passed along when the work was ordered. */
  SessionContext: string;
  /** The id that you gave the order. A second order with the same id within seven days is refused. */
  SessionId: string;
}
type CopyRight = Sdk.ExtractCopyRightWatermarkTask;
export interface CopyRightWatermark extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Session, CopyRight {
  /** As it was ordered. */
  Input?: Part.ExtractCopyRightWatermarkTaskInput;
  /** The words that were found. */
  Output?: Part.ExtractCopyRightWatermarkTaskOutput;
}
type Blind = Sdk.ExtractBlindWatermarkTask;
export interface BlindWatermark extends Has.Order, Has.Failure, Has.Session, Blind {
  /** The media with the watermark. */
  InputInfo?: Part.ExtractBlindWatermarkInputInfo;
  /** How it was looked for. */
  ExtractBlindWatermarkConfig?: Part.ExtractBlindWatermarkTaskConfig;
  /** Whether there is a watermark. If so, `Result` holds its content. */
  IsDetected?: boolean;
  /** `blind-basic` or `blind-ab`. */
  Type?: string;
  /** The text of the watermark. */
  Result?: string;
  /** The id of the viewer that a trace watermark names: six hexadecimal digits. */
  ResultUV?: string;
}
