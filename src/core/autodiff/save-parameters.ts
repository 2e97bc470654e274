import type { Precision } from "../../kernels/networks.ts";
import { InputError } from "../errors.ts";
import type { Parameters } from "./parameters.ts";

/** Parameters as plain JSON. */
export interface SavedParameters {
  readonly format: "ystar-parameters";
  readonly version: 1;
  readonly precision: Precision;
  readonly slots: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly decays: boolean;
  }[];
  /** All numbers, little-endian, in base64. */
  readonly values: string;
}

/** Parameters as plain JSON; "f32" rounds and halves the size. */
export function saveParameters(
  { slots, values }: Parameters,
  precision: Precision = "f64",
): SavedParameters {
  const bytes = new Uint8Array(values.length * bytesPer(precision));
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (precision === "f64") view.setFloat64(8 * i, value, true);
    else view.setFloat32(4 * i, value, true);
  });
  return {
    format: "ystar-parameters",
    version: 1,
    precision,
    slots: slots.map(({ name, rows, columns, decays }) => ({ name, rows, columns, decays })),
    values: toBase64(bytes),
  };
}

/**
 * Parameters from what `saveParameters` gave.
 * @throws InputError when it is something else, of a newer version, truncated, or not finite
 */
export function loadParameters(saved: SavedParameters): Parameters {
  const { format, version, precision } = saved;
  if (format !== "ystar-parameters") {
    throw new InputError(`loadParameters: expected saved parameters, got "${String(format)}".`, {
      path: "format",
    });
  }
  if (version !== 1) {
    throw new InputError(`loadParameters: expected version 1, got ${String(version)}.`, {
      path: "version",
      hint: "The parameters were saved by a newer version of ystar; update it.",
    });
  }
  if (precision !== "f64" && precision !== "f32") {
    throw new InputError(`loadParameters: expected f64 or f32, got "${String(precision)}".`, {
      path: "precision",
    });
  }
  let offset = 0;
  const slots = saved.slots.map((slot, index) => {
    const placed = { ...slot, index, offset };
    offset += slot.rows * slot.columns;
    return placed;
  });
  const bytes = fromBase64(saved.values);
  if (bytes.length !== offset * bytesPer(precision)) {
    throw new InputError(
      `loadParameters: expected ${offset} numbers, got ${bytes.length / bytesPer(precision)}.`,
      { path: "values", hint: "The file may be truncated." },
    );
  }
  const view = new DataView(bytes.buffer);
  const values = Float64Array.from({ length: offset }, (_, i) =>
    precision === "f64" ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true),
  );
  for (const slot of slots) {
    for (let k = 0; k < slot.rows * slot.columns; k++) {
      if (Number.isFinite(values[slot.offset + k])) continue;
      throw new InputError(`loadParameters: "${slot.name}" holds a number that is not finite.`, {
        path: slot.name,
      });
    }
  }
  return { slots, values };
}

/**
 * Copies loaded numbers into the parameters of a network of the same layers.
 * @throws InputError naming the first layer that differs
 */
export function copyParameters(from: Parameters, to: Parameters): void {
  const count = Math.max(from.slots.length, to.slots.length);
  for (let k = 0; k < count; k++) {
    const [own, other] = [describe(to, k), describe(from, k)];
    if (own === other) continue;
    throw new InputError(`copyParameters: expected ${own}, got ${other}.`, {
      path: to.slots[k]?.name ?? from.slots[k]?.name ?? "slots",
      hint: "The parameters belong to a network of other layers.",
    });
  }
  to.values.set(from.values);
}

function describe({ slots }: Parameters, k: number): string {
  const slot = slots[k];
  return slot === undefined ? "no more layers" : `"${slot.name}", ${slot.rows} x ${slot.columns}`;
}

const bytesPer = (precision: Precision): number => (precision === "f64" ? 8 : 4);

/** Bytes turned into letters at a time: few enough for the arguments of one call. */
const block = 8190;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += block) {
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + block)));
  }
  return text;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new InputError("loadParameters: expected numbers in base64.", { path: "values", cause });
  }
}
