import { InputError, UnsupportedError } from "../../core/errors.ts";

/** What is used of onnxruntime-web. */
export interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (
    type: FloatType,
    data: Float32Array | Float64Array,
    dims: readonly number[],
  ) => OnnxTensor;
}

/** Numbers that models may take and give. */
export type FloatType = "float32" | "float64";

export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** One input or output of a model; an extent with a name, or below 0, is free. */
export interface OnnxValue {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface OnnxSession {
  readonly inputMetadata: readonly OnnxValue[];
  readonly outputMetadata: readonly OnnxValue[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

// A name that is only known when it runs, so that nothing asks for the package before it is used.
const packageName: string = "onnxruntime-web/wasm";

/**
 * onnxruntime-web, loaded when it is used: it is an optional package. In pages that are bundled, give
 * `importOnnx` a loader of the page's own.
 * @throws UnsupportedError when it is not installed
 */
export async function loadOnnxRuntime(from = packageName): Promise<OnnxRuntime> {
  try {
    return (await import(from)) as OnnxRuntime;
  } catch (cause) {
    throw new UnsupportedError("ONNX models need the package onnxruntime-web, which is missing.", {
      path: "onnxruntime-web",
      hint: "Install it: npm install onnxruntime-web",
      cause,
    });
  }
}

/**
 * A session of a model, on one thread.
 * @throws UnsupportedError for an operation that the runtime has not, or a newer ONNX; InputError for bytes that
 *   are no ONNX model
 */
export async function openSession(
  who: string,
  { env, InferenceSession }: OnnxRuntime,
  bytes: Uint8Array,
): Promise<OnnxSession> {
  env.wasm.numThreads = 1;
  try {
    // Errors are thrown; the runtime need not print them, too.
    return await InferenceSession.create(bytes, { logSeverityLevel: 4 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = reason.replace(/^.*ERROR_MESSAGE: /s, "").trim();
    if (
      /not a registered function|no op registered|not implemented|opset|ir_version|IR version/i.test(
        text,
      )
    ) {
      throw new UnsupportedError(`${who}: the model has a part that is not supported: ${text}`, {
        path: "model",
        hint: "Export it with standard ONNX operations of an older opset.",
        cause,
      });
    }
    throw new InputError(`${who}: the bytes are no ONNX model that can be read: ${text}`, {
      path: "model",
      hint: "Is the file complete, and of the form .onnx?",
      cause,
    });
  }
}
