/** Files: what was recorded, merged, transcoded, and the pictures taken of them. */
import { z } from "zod";
import { common, number, opened, part, text } from "./fields.ts";

/** Code "0" is success, and each output has its own. */
const TranscodeOutput = z.looseObject({
  code: text.nullish(),
  message: text.nullish(),
  replay_url: z.string().nullish(),
  /** Bytes. */
  size: number.nullish(),
  /** Seconds. */
  duration: number.nullish(),
});

export const MEDIA_PAYLOADS = {
  /** One event per format of the recording, each with its `replay_url`; `extra_params` differs between the CDNs. */
  record: z.looseObject({
    ...common,
    stream_alias: text.nullish(),
    replay_url: z.string(),
    /** UNIX seconds. */
    begin_time: text.nullish(),
    end_time: text.nullish(),
    extra_params: opened.pipe(z.union([z.looseObject({}), z.string()]).nullish()).optional(),
  }),
  /** `code` "0" is success. */
  compose: z.looseObject({
    ...common,
    task_id: text.nullish(),
    file_id: text.nullish(),
    replay_url: z.string().nullish(),
    code: text.nullish(),
    message: text.nullish(),
  }),
  /** `status` is SUCCESS or FAILED; after a failure `extra_params` is empty. */
  procedure: z.looseObject({
    ...common,
    task_id: text.nullish(),
    status: text.nullish(),
    /** Documented under both spellings. */
    file_id: text.nullish(),
    fileId: text.nullish(),
    extra_params: opened
      .pipe(
        z
          .union([z.looseObject({ media: part({ transcode: z.array(TranscodeOutput).nullish() }) }), z.string()])
          .nullish(),
      )
      .optional(),
  }),
  snapshot: z.looseObject({
    ...common,
    task_id: text.nullish(),
    /** tencent or hw. */
    vendor: text.nullish(),
    /** The vendor's own spelling: the id of the source file, at Tencent only. */
    field_id: text.nullish(),
    /** `offset` is ms into the video, at Tencent only, and there only for snapshots of points in time. */
    snapshot_pic_list: opened.pipe(z.array(z.looseObject({ url: z.string(), offset: number.nullish() }))),
  }),
} as const satisfies Record<string, z.ZodType>;
