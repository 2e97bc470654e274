import { smaller } from "./address";
import { lanes, place } from "./real";
import { unaryForward } from "./unary";

// The first layer of a network for rows that take each input either from one row or from a row of a background.
// Its sums are sums over inputs, so those of four inputs are tabled for all sixteen choices between the two rows,
// and a mixed row costs one addition for each four inputs and unit. Panels as in forward.ts, one background row in
// each lane.

/** Inputs that share a table. */
const tableInputs: i32 = 4;
const tableChoices: i32 = 16;

/**
 * Tables of one panel of background rows: for each four inputs a panel of sums (units x panel rows) for each choice,
 * where bit k says that input k of the four is that of `row`. The biases are in the first table.
 * @param weights the biases, then for each input its weights
 * @param row numbers of the one row @param panel numbers of the background rows
 * @param tables room for 16 panels for each four inputs
 */
export function mixTables<T>(
  inputs: i32,
  units: i32,
  weights: usize,
  row: usize,
  panel: usize,
  tables: usize,
): void {
  const panelRows = 2 * lanes<T>();
  const length = units * panelRows;
  for (let u = 0; u < units; u++) {
    const bias = v128.load_splat<T>(place<T>(weights, u));
    const entry = place<T>(tables, u * panelRows);
    v128.store(entry, bias);
    v128.store(entry, bias, 16);
  }
  for (let first = 0; first < inputs; first += tableInputs) {
    if (first > 0) memory.fill(tables, 0, place<T>(0, length));
    const end = smaller(inputs, first + tableInputs);
    for (let j = first, size = 1; j < end; j++, size <<= 1) {
      const own = place<T>(weights, (j + 1) * units);
      const one = v128.load_splat<T>(place<T>(row, j));
      const many = place<T>(panel, j * panelRows);
      for (let s = 0; s < size; s++) {
        const without = place<T>(tables, s * length);
        addInput<T>(units, own, one, one, without, place<T>(without, size * length));
        addInput<T>(units, own, v128.load(many), v128.load(many, 16), without, without);
      }
    }
    tables = place<T>(tables, tableChoices * length);
  }
}

/** to = from + weight x for a panel of each unit. */
function addInput<T>(
  units: i32,
  weights: usize,
  low: v128,
  high: v128,
  from: usize,
  to: usize,
): void {
  for (let u = 0; u < units; u++) {
    const weight = v128.load_splat<T>(weights);
    v128.store(to, v128.add<T>(v128.load(from), v128.mul<T>(weight, low)));
    v128.store(to, v128.add<T>(v128.load(from, 16), v128.mul<T>(weight, high)), 16);
    weights += sizeof<T>();
    from += 32;
    to += 32;
  }
}

/**
 * What the first layer makes of mixed rows, a panel for each choice of inputs.
 * @param code activation, see unary.ts; below 0 for none
 * @param tables of `mixTables`, `length` numbers for each of their choices
 * @param choices rows of four bits (u8) for each table: where each input comes from
 * @param scratch room for one panel
 */
export function mixedForward<T>(
  count: i32,
  tableCount: i32,
  length: i32,
  code: i32,
  tables: usize,
  choices: usize,
  y: usize,
  scratch: usize,
): void {
  const tableBytes = place<T>(0, tableChoices * length);
  const panelBytes = place<T>(0, length);
  for (let c = 0; c < count; c++) {
    const z = code < 0 ? y : scratch;
    let a = tables + <usize>load<u8>(choices) * panelBytes;
    if (tableCount == 1) {
      memory.copy(z, a, panelBytes);
    } else {
      let table = tables + tableBytes;
      for (let t = 1; t < tableCount; t++) {
        const b = table + <usize>load<u8>(choices + t) * panelBytes;
        for (let k: usize = 0; k < panelBytes; k += 16) {
          v128.store(z + k, v128.add<T>(v128.load(a + k), v128.load(b + k)));
        }
        a = z;
        table += tableBytes;
      }
    }
    if (code >= 0) unaryForward<T>(code, length, <T>0, <T>0, z, y);
    choices += tableCount;
    y += panelBytes;
  }
}
