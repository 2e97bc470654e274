import type { FormulaReader } from "./reader.ts";

/** How a dot between a digit and water is read: `CuSO4.5H2O`. */
export type DotReading = "refuse" | "hydrate" | "decimal";

/** One element as read: `amount` is undefined where none was written. */
export interface Term {
  readonly symbol: string;
  readonly amount: number | undefined;
  readonly position: number;
}

/** An outermost element or bracket: what it contains, and the amount behind it. */
export interface Piece {
  readonly content: ReadonlyMap<string, number>;
  readonly amount: number | undefined;
  readonly position: number;
}

/** What a formula with brackets and hydrate parts says, in order. */
export interface Stoichiometry {
  /** Amounts with groups multiplied out, in order of first appearance. */
  readonly amounts: Map<string, number>;
  /** The terms one by one when the formula is a plain list without groups and parts, else undefined. */
  readonly terms: readonly Term[] | undefined;
  /** The outermost pieces when the formula is one part, without coefficient; else undefined. */
  readonly pieces: readonly Piece[] | undefined;
}

const maxDepth = 40;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
/** A decimal followed by what crystals commonly bind: `4.5H2O`, `.5H2O`, `4.0.5H2O`, `2.6NH3`. */
const numberBeforeSolvate =
  /^\d*\.\d+(?:\.\d+)?(?=(?:H2O|D2O|NH3|CH3|C2H5|C6H6|HCl|HF|HNO3|H2SO4)(?![\d.]))/;
const states = /^\((?:s|l|g|aq|cr|am)\)/;

/**
 * Reads parts joined by ` · `, `*` or ` . `, each with an optional coefficient, groups and amounts.
 * @throws InputError with the place of whatever cannot be read in one way only
 */
export function readStoichiometry(reader: FormulaReader, dot: DotReading): Stoichiometry {
  const amounts = new Map<string, number>();
  const terms: Term[] = [];
  const pieces: Piece[] = [];
  let isPlain = true;
  let isOnePart = true;

  function readAmount(): number | undefined {
    const before = reader.position;
    reader.skipBlanks();
    reader.refuseVariable();
    const ambiguous = reader.match(numberBeforeSolvate);
    if (ambiguous !== undefined) {
      const points = ambiguous.split(".").length - 1;
      if (dot === "hydrate") return readBeforeDot(ambiguous);
      if (dot === "refuse" || points > 1) throw ambiguousDot(ambiguous, points);
    }
    const amount = reader.number();
    if (amount === undefined) reader.position = before;
    return amount;
  }

  /** In hydrate mode the amount ends before the dot. */
  function readBeforeDot(digits: string): number | undefined {
    const whole = digits.slice(0, digits.indexOf("."));
    reader.position += whole.length;
    return whole === "" ? undefined : Number(whole);
  }

  /** `4.5H2O` after a symbol is 4.5 followed by water, or 4 followed by 5 waters. */
  function ambiguousDot(digits: string, points: number): Error {
    const place = reader.position + digits.indexOf(".");
    const head = reader.original.slice(0, place).trim();
    const tail = reader.original.slice(place + 1).trim();
    return reader.fail(
      place,
      `the dot in "${digits}" is a decimal point or joins a hydrate, which is ambiguous`,
      points === 1
        ? `Write ${head} · ${tail} for the hydrate, or a blank after ${digits} for the decimal.`
        : `Write ${head} · ${tail} for the hydrate.`,
    );
  }

  function readSequence(depth: number, close: string, into: Map<string, number>): void {
    let isEmpty = true;
    for (;;) {
      reader.skipBlanks();
      const character = reader.peek();
      const start = reader.position;
      if (character === close || (close === "" && (reader.done || isSeparator()))) break;
      if (closing[character] !== undefined) {
        isPlain = false;
        readGroup(depth, character, into);
      } else if (/[A-Z]/.test(character)) {
        const symbol = reader.symbol();
        const amount = readAmount();
        terms.push({ symbol, amount, position: start });
        if (depth === 0) {
          pieces.push({ content: new Map([[symbol, 1]]), amount, position: start });
        }
        add(into, symbol, amount ?? 1);
      } else if (/\d/.test(character)) {
        throw reader.fail(
          start,
          "a number before a symbol, where none is expected",
          isEmpty
            ? "Amounts follow the symbols (H4O2); a coefficient of the whole changes no fraction."
            : "Amounts follow the symbols: Ni60Ti40.",
        );
      } else {
        throw reader.unexpected();
      }
      isEmpty = false;
    }
    if (isEmpty) {
      throw reader.fail(
        reader.position,
        close === "" ? "nothing where elements are expected" : "an empty bracket",
        "Name at least one element.",
      );
    }
  }

  function readGroup(depth: number, open: string, into: Map<string, number>): void {
    const start = reader.position;
    if (depth >= maxDepth) {
      throw reader.fail(start, `more than ${maxDepth} brackets inside each other`, "Simplify it.");
    }
    const state = reader.match(states);
    if (state !== undefined) {
      throw reader.fail(
        start,
        `a state "${state}", which is no part of a formula`,
        "Leave it out.",
      );
    }
    const close = closing[open]!;
    reader.position++;
    const group = new Map<string, number>();
    readUntilClosed(depth + 1, open, close, start, group);
    reader.position++;
    const amount = readAmount();
    if (depth === 0) pieces.push({ content: group, amount, position: start });
    for (const [symbol, count] of group) add(into, symbol, count * (amount ?? 1));
  }

  function readUntilClosed(
    depth: number,
    open: string,
    close: string,
    start: number,
    group: Map<string, number>,
  ): void {
    const rest = reader.text.slice(reader.position, reader.end);
    if (!rest.includes(close)) {
      throw reader.fail(start, `"${open}" is never closed`, `Add the missing "${close}".`);
    }
    readSequence(depth, close, group);
  }

  function isSeparator(): boolean {
    const character = reader.peek();
    if (character === "·" || character === "*") return true;
    if (character !== ".") return false;
    const before = reader.text.charAt(reader.position - 1);
    const after = reader.peek(1);
    if (before === " " && after === " ") return true;
    return before !== " " && (/[A-Z([{]/.test(after) || (dot === "hydrate" && /\d/.test(after)));
  }

  for (let part = 0; ; part++) {
    reader.skipBlanks();
    const coefficientStart = reader.position;
    const isCoefficient = part > 0 || hasParts(reader);
    if (isCoefficient) reader.refuseVariable();
    const coefficient = isCoefficient ? (reader.number() ?? 1) : 1;
    if (coefficient === 0) {
      throw reader.fail(coefficientStart, "a part taken 0 times", "Leave the part out.");
    }
    const group = new Map<string, number>();
    readSequence(0, "", group);
    for (const [symbol, count] of group) add(amounts, symbol, count * coefficient);
    if (reader.done) break;
    reader.position++;
    isPlain = false;
    isOnePart = false;
  }
  return {
    amounts,
    terms: isPlain ? terms : undefined,
    pieces: isOnePart ? pieces : undefined,
  };
}

const hasParts = (reader: FormulaReader): boolean =>
  /[·*]| \. /.test(reader.text.slice(reader.position, reader.end));

function add(into: Map<string, number>, symbol: string, amount: number): void {
  into.set(symbol, (into.get(symbol) ?? 0) + amount);
}
