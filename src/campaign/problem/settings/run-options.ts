import type { Work } from "../../../core/work.ts";
import type { OnnxModels } from "../../models/onnx-models.ts";
import type { SavedModels } from "../../models/saved-models.ts";

/** What whatever solves a problem file takes beside it. */
export interface RunOptions {
  /** Instead of the problem file's. */
  readonly seed?: number;
  /** Versions to be recorded with the result. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly work?: Work;
  /** The models that the problem file names under `models`, loaded, by property. */
  readonly models?: SavedModels;
  /** The ONNX models that the problem file names there, opened, by property; the caller closes them. */
  readonly onnx?: OnnxModels;
}
