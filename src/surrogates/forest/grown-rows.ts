/**
 * The rows that a tree is grown on. Row i has input j at `columns[j * stride + i]`; the rows sorted by
 * input j lie at `lists[j * stride] ...`, and a node owns the same range of every list.
 */
export interface GrownRows {
  readonly stride: number;
  readonly columns: Float64Array;
  readonly lists: Int32Array;
  readonly target: Float64Array;
  readonly weight: Float64Array;
  readonly weightedTarget: Float64Array;
  readonly goesLeft: Uint8Array;
}

/** Bytes that a subtree works on once its rows are packed, so that they stay in the second cache. */
const packedBytes = 1 << 19;

/** Rows of which inputs and lists fit in there. */
export function packedRows(features: number): number {
  return Math.floor(packedBytes / (12 * features));
}

/** Room for the rows of one subtree at a time. */
export function packedRoom(stride: number, features: number): GrownRows {
  return {
    stride,
    columns: new Float64Array(stride * features),
    lists: new Int32Array(stride * features),
    target: new Float64Array(stride),
    weight: new Float64Array(stride),
    weightedTarget: new Float64Array(stride),
    goesLeft: new Uint8Array(stride),
  };
}

/**
 * Copies the rows of a node into the room, where they are rows 0 ... and as sorted as before: trees grow on
 * them as they would have on the original, without reaching all over a large table.
 * @param base of a list that holds exactly the rows of the node @param place scratch, one for each row of `from`
 */
export function packRows(
  from: GrownRows,
  room: GrownRows,
  features: number,
  base: number,
  start: number,
  end: number,
  place: Int32Array,
): void {
  const { stride, columns, lists } = from;
  for (let p = start; p < end; p++) {
    const row = lists[base + p];
    const to = p - start;
    place[row] = to;
    room.target[to] = from.target[row];
    room.weight[to] = from.weight[row];
    room.weightedTarget[to] = from.weightedTarget[row];
  }
  for (let j = 0; j < features; j++) {
    const at = j * stride;
    const to = j * room.stride - start;
    // The list of an input that is constant here is out of date; any order of the rows will do.
    const isConstant = columns[at + lists[at + start]] === columns[at + lists[at + end - 1]];
    for (let p = start; p < end; p++) {
      const row = lists[(isConstant ? base : at) + p];
      const packed = place[row];
      room.lists[to + p] = packed;
      room.columns[j * room.stride + packed] = columns[at + row];
    }
  }
}
