import { InputError, NumericalError, ShapeError, UnsupportedError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Prediction, Task } from "../contract.ts";
import {
  checkDeclared,
  checkDeclaredRows,
  unitOf,
  type DeclaredNumber,
} from "../declared-inputs.ts";
import type { PropertySpec } from "../forward-model.ts";
import {
  loadOnnxRuntime,
  openSession,
  type FloatType,
  type OnnxRuntime,
  type OnnxSession,
  type OnnxTensor,
  type OnnxValue,
} from "./runtime.ts";

/** What an ONNX model takes and gives; plain JSON. The file itself says neither names of columns nor units. */
export interface OnnxDeclaration {
  /** The input columns in the order of the training. */
  readonly inputs: readonly DeclaredNumber[];
  /** The property in the model's unit. */
  readonly output: DeclaredNumber;
  /** Classes in the order of the model's probabilities; absent for a number. */
  readonly classes?: readonly string[];
  /** Name of the model's output; the first one when left out. */
  readonly tensor?: string;
  /** Name of the model's output with the standard deviation (of a number), taken as aleatoric. */
  readonly stdTensor?: string;
}

/** An imported model over rows of its declared inputs, in their order and units. */
export interface OnnxModel {
  readonly property: PropertySpec;
  readonly model: "onnx";
  readonly task: Task;
  readonly inputs: readonly DeclaredNumber[];
  /** @throws ShapeError, InputError for rows that do not fit; NumericalError for an answer that is not finite */
  predict(x: Matrix): Promise<Prediction>;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}

const typeNames: readonly string[] = ["float32", "float64"] satisfies FloatType[];

/**
 * A model that was trained elsewhere. It has one input tensor (n x columns, in the declared order), or one of n x 1
 * for each declared column, under its name; numbers of 32 or 64 bits. A first extent that is fixed at 1 is
 * asked row by row. The epistemic std is 0: the model does not tell it.
 * @param bytes of the file @param load another way to get onnxruntime-web
 * @throws UnsupportedError without onnxruntime-web, and for operations or types of numbers that are not supported;
 *   ShapeError for tensors of another size than declared; InputError for bytes or declarations that are wrong.
 *   Each names the input.
 */
export async function importOnnx(
  bytes: Uint8Array,
  declaration: OnnxDeclaration,
  load: () => Promise<OnnxRuntime> = loadOnnxRuntime,
): Promise<OnnxModel> {
  const { output, classes, stdTensor } = declaration;
  const who = `ONNX model of "${output.name}"`;
  const inputs = checkDeclared(who, declaration.inputs);
  const unit = unitOf(who, output.name, output.unit);
  if (classes !== undefined && (classes.length < 2 || stdTensor !== undefined)) {
    throw new InputError(`${who}: expected at least 2 classes, and no std of classes.`, {
      path: "classes",
    });
  }
  const runtime = await load();
  const session = await openSession(who, runtime, bytes);
  try {
    const feeds = feedsOf(who, session, inputs);
    const mean = outputNamed(who, session, declaration.tensor);
    const std = stdTensor === undefined ? undefined : outputNamed(who, session, stdTensor);
    const columns = classes?.length ?? 1;
    checkWidth(who, mean, columns);
    if (std !== undefined) checkWidth(who, std, 1);
    const property: PropertySpec = {
      name: output.name,
      title: output.name,
      unit,
      kind: classes === undefined ? "number" : "class",
      classes: classes ?? [],
    };
    const ask = async (x: Matrix): Promise<[Float64Array, Float64Array | undefined]> => {
      const answers = await session.run(feeds.tensors(runtime, x));
      const read = ({ name }: OnnxValue, width: number): Float64Array =>
        numbersOf(who, name, answers[name], x.rows * width);
      return [read(mean, columns), std === undefined ? undefined : read(std, 1)];
    };
    return {
      property,
      model: "onnx",
      task: classes === undefined ? { kind: "regression" } : { kind: "classification", classes },
      inputs,
      async predict(x) {
        checkDeclaredRows(who, inputs, x);
        const means = matrix(x.rows, columns);
        const stds = matrix(x.rows, columns);
        const block = feeds.rowByRow ? 1 : Math.max(1, x.rows);
        for (let first = 0; first < x.rows; first += block) {
          const rows = Array.from({ length: block }, (_, k) => first + k);
          const [m, s] = await ask(takeRows(x, rows));
          means.data.set(m, first * columns);
          if (s !== undefined) stds.data.set(s, first);
        }
        checkAnswers(who, means, stds, classes);
        if (classes !== undefined) means.data.forEach((p, k) => (stds.data[k] = bernoulli(p)));
        return { mean: means, epistemicStd: matrix(x.rows, columns), aleatoricStd: stds };
      },
      close: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

const bernoulli = (p: number): number => Math.sqrt(Math.max(0, p * (1 - p)));

interface Feeds {
  readonly rowByRow: boolean;
  tensors(runtime: OnnxRuntime, x: Matrix): Record<string, OnnxTensor>;
}

/** How rows become the model's input tensors. */
function feedsOf(who: string, session: OnnxSession, declared: readonly DeclaredNumber[]): Feeds {
  const { inputMetadata } = session;
  const isOne = inputMetadata.length === 1;
  if (!isOne && inputMetadata.length !== declared.length) {
    const names = inputMetadata.map(({ name }) => name).join(", ");
    throw new ShapeError(
      `${who}: expected one input tensor, or one for each of the ${declared.length} declared inputs, got ${inputMetadata.length} (${names}).`,
      { path: "inputs" },
    );
  }
  const parts = inputMetadata.map((value) => {
    const type = floatType(who, value);
    const column = declared.findIndex(({ name }) => name === value.name);
    if (!isOne && column < 0) {
      throw new InputError(`${who}: the model's input "${value.name}" is not declared.`, {
        path: value.name,
        hint: suggest(
          value.name,
          declared.map(({ name }) => name),
        ),
      });
    }
    const width = isOne ? declared.length : 1;
    const first = checkTensor(who, "input", value, width);
    return { name: value.name, type, column: isOne ? 0 : column, width, first };
  });
  return {
    rowByRow: parts.some(({ first }) => first === 1),
    tensors: ({ Tensor }, x) =>
      Object.fromEntries(
        parts.map(({ name, type, column, width }) => {
          const numbers = Float64Array.from(
            { length: x.rows * width },
            (_, k) => x.data[Math.floor(k / width) * x.columns + column + (k % width)],
          );
          const data = type === "float32" ? Float32Array.from(numbers) : numbers;
          return [name, new Tensor(type, data, [x.rows, width])];
        }),
      ),
  };
}

function floatType(who: string, { name, isTensor, type }: OnnxValue): FloatType {
  if (isTensor && (type === "float32" || type === "float64")) return type;
  throw new UnsupportedError(
    `${who}: expected "${name}" to hold numbers of ${typeNames.join(" or ")}, got ${type ?? "no tensor"}.`,
    { path: name, received: type ?? "no tensor", hint: "Export the model with float inputs." },
  );
}

/**
 * Checks a tensor of n x width; a shape that is not told is left to the run.
 * @returns the first extent when it is fixed, else undefined
 */
function checkTensor(
  who: string,
  what: string,
  { name, shape = [] }: OnnxValue,
  width: number,
): number | undefined {
  if (shape.length === 0) return undefined;
  const fixed = shape.map((extent) =>
    typeof extent === "number" && extent >= 0 ? extent : undefined,
  );
  const [first, second] = fixed;
  const isWide = shape.length === 2 && (second === undefined || second === width);
  const isList = shape.length === 1 && width === 1 && what === "output";
  if ((isWide || isList) && (first === undefined || first === 1)) return first;
  throw new ShapeError(
    `${who}: expected the ${what} "${name}" to be n x ${width}, got ${shape.join(" x ")}.`,
    {
      path: name,
      expected: `n x ${width}`,
      received: shape.join(" x "),
      hint:
        first !== undefined && first !== 1
          ? "Export the model with a first extent that is free."
          : "Declare the columns that the model takes, in its order.",
    },
  );
}

function checkWidth(who: string, value: OnnxValue, width: number): void {
  floatType(who, value);
  checkTensor(who, "output", value, width);
}

function outputNamed(who: string, session: OnnxSession, name: string | undefined): OnnxValue {
  const { outputMetadata } = session;
  const found =
    name === undefined ? outputMetadata[0] : outputMetadata.find((value) => value.name === name);
  if (found !== undefined) return found;
  const names = outputMetadata.map((value) => value.name);
  throw new InputError(`${who}: the model has no output "${name ?? ""}".`, {
    path: "tensor",
    hint: suggest(name ?? "", names),
  });
}

function numbersOf(
  who: string,
  name: string,
  tensor: OnnxTensor | undefined,
  count: number,
): Float64Array {
  const data = tensor?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length !== count) {
    const got = tensor === undefined ? "none" : `${tensor.type} ${tensor.dims.join(" x ")}`;
    throw new ShapeError(`${who}: expected ${count} numbers in the output "${name}", got ${got}.`, {
      path: name,
    });
  }
  return Float64Array.from(data);
}

/** Probabilities that were computed in f32 sum to one within this. */
const sumTolerance = 1e-4;

function checkAnswers(
  who: string,
  mean: Matrix,
  std: Matrix,
  classes: readonly string[] | undefined,
): void {
  for (let i = 0; i < mean.rows; i++) {
    const row = mean.data.subarray(i * mean.columns, (i + 1) * mean.columns);
    const spread = std.data[i * std.columns];
    if (!row.every(Number.isFinite) || !(Number.isFinite(spread) && spread >= 0)) {
      throw new NumericalError(
        `${who}: expected finite numbers and a std of at least 0 in row ${i}, got ${row.join(", ")} and ${spread}.`,
        { path: `row ${i}` },
      );
    }
    if (classes === undefined) continue;
    const sum = row.reduce((total, p) => total + p, 0);
    if (!(Math.abs(sum - 1) < sumTolerance) || row.some((p) => p < 0)) {
      throw new NumericalError(
        `${who}: expected probabilities that sum to 1 in row ${i}, got ${row.join(", ")}.`,
        { path: `row ${i}`, hint: "Export the model with its softmax." },
      );
    }
    row.forEach((p, k) => (row[k] = p / sum));
  }
}
