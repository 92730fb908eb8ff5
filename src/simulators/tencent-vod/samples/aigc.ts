/** Tasks that make images, videos, voices and characters. Four of these types end in `CompleteEvent` themselves. */
import { FINISHED, FINISHED_EXT, type Ids, metaData, NO_SESSION, output, sample, type Sample, url } from "./making.ts";

export const AIGC_SAMPLES: Readonly<Record<string, Sample>> = {
  AigcImageTaskComplete: sample("AigcImageCompleteEvent", (ids) => ({
    ...finished(ids, "AigcImage"),
    ErrCodeExt: "",
    Input: { ModelName: "Hunyuan", ModelVersion: "3.0", FileInfos: [], Prompt: "a beach in the evening" },
    Output: { FileInfos: [{ StorageMode: "Permanent", ...output(ids, "png") }] },
  })),
  AigcVideoTaskComplete: sample("AigcVideoCompleteEvent", (ids) => ({
    ...finished(ids, "AigcVideo"),
    ErrCodeExt: "",
    Input: { ModelName: "Hunyuan", ModelVersion: "1.5", FileInfos: [], Prompt: "waves on a beach in the evening" },
    Output: {
      FileInfos: [{ StorageMode: "Permanent", ...output(ids), MetaData: metaData(ids) }],
      ProcedureTaskIds: [],
    },
  })),
  SceneAigcImageCompleteEvent: sample("SceneAigcImageCompleteEvent", (ids) => ({
    ...finished(ids, "SceneAigcImage"),
    Input: { SceneInfo: { Type: "product_image" }, FileInfos: [{ Type: "File", FileId: ids.file() }] },
    Output: { FileInfos: [{ StorageMode: "Permanent", ...output(ids, "png") }] },
  })),
  // The vendor's description of this one has neither task nor status.
  ProcessImageAsyncCompleteEvent: sample("ProcessImageAsyncCompleteEvent", (ids) => ({
    EncodeConfig: { Format: "webp", Quality: 60 + Math.floor(ids.random() * 40) },
  })),
  CreateAigcAdvancedCustomElementCompleteEvent: sample("CreateAigcAdvancedCustomElementCompleteEvent", (ids) => ({
    ...finished(ids, "CreateAigcAdvancedCustomElement"),
    ErrCodeExt: "",
    Input: { ElementName: "lighthouse", ElementDescription: "white, with a red roof", ReferenceType: "image_refer" },
    Output: { InfoList: [{ ElementId: ids.file(), ElementInfo: "{}" }] },
  })),
  CreateAigcCustomVoiceCompleteEvent: sample("CreateAigcCustomVoiceCompleteEvent", (ids) => ({
    ...finished(ids, "CreateAigcCustomVoice"),
    ErrCodeExt: "",
    Input: { VoiceName: "narrator", VoiceUrl: url(ids, "voice.mp3") },
    Output: { InfoList: [{ VoiceId: ids.file(), VoiceInfo: "{}" }] },
  })),
  DescribeAigcFaceInfoAsyncComplete: sample("DescribeAigcFaceInfoAsyncCompleteEvent", (ids) => ({
    TaskId: ids.task("DescribeAigcFaceInfoAsync"),
    ...FINISHED_EXT,
    Progress: 100,
    Input: { FileInfos: [{ Type: "File", FileId: ids.file() }] },
    Output: { FaceInfoSet: [{ SessionId: ids.hex(16), FaceInfoList: [] }] },
    ...NO_SESSION,
  })),
};

function finished(ids: Ids, kind: string) {
  return { TaskId: ids.task(kind), ...FINISHED, Progress: 100, ...NO_SESSION };
}
