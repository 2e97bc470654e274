/** Where a part of a text begins and ends (characters from 0). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Comparison = "<=" | "<" | ">=" | ">" | "=";

/** The comparison with its sides exchanged. */
export const flipped: Readonly<Record<Comparison, Comparison>> = {
  "<=": ">=",
  "<": ">",
  ">=": "<=",
  ">": "<",
  "=": "=",
};

/** A parsed constraint or target. */
export type Node = Span &
  (
    | {
        readonly kind: "number";
        readonly value: number;
        /** `1` for plain numbers. */ readonly unit: string;
      }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "negative"; readonly operand: Node }
    | {
        readonly kind: "binary";
        readonly operator: "+" | "-" | "*" | "/";
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Node[] }
    | {
        readonly kind: "compare";
        readonly operands: readonly Node[];
        readonly operators: readonly Comparison[];
      }
    | { readonly kind: "range"; readonly operand: Node; readonly low: Node; readonly high: Node }
    | {
        readonly kind: "is";
        readonly operand: Node;
        readonly words: readonly string[];
        readonly negated: boolean;
      }
    | { readonly kind: "not"; readonly operand: Node }
    | { readonly kind: "and" | "or"; readonly left: Node; readonly right: Node }
    | { readonly kind: "if"; readonly condition: Node; readonly consequence: Node }
    | { readonly kind: "goal"; readonly operand: Node; readonly goal: Node }
    | {
        readonly kind: "probability";
        readonly operand: Node;
        readonly operator: Comparison;
        readonly value: Node;
      }
  );
