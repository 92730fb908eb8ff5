/** The payloads of generative tasks. */
import type * as Has from "./fields.ts";
import type * as Made from "./generated.ts";

export interface AigcImage
  extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.Session, Made.AigcImageTask {}
export interface AigcVideo
  extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.Session, Made.AigcVideoTask {}
export interface SceneImage extends Has.Order, Has.Failure, Has.Progress, Has.Session, Made.SceneAigcImageTask {}
type Element = Made.CreateAigcAdvancedCustomElementTask;
export interface CustomElement extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.Session, Element {}
type Voice = Made.CreateAigcCustomVoiceTask;
export interface CustomVoice extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.Session, Voice {}
type Faces = Made.DescribeAigcFaceInfoAsyncTask;
export interface FaceInfo extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.Session, Faces {}
