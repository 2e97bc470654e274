/** What the whole page agrees on: the candidate under the pointer, the pinned one, and which are shown. */
export interface Selection {
  readonly hovered: number | null;
  readonly pinned: number | null;
  /** Candidates that filter and brush leave; null when all are shown. */
  readonly visible: ReadonlySet<number> | null;
  hover(index: number | null): void;
  pin(index: number | null): void;
  /** Sets one of the restrictions; null lifts it. */
  restrict(by: "filter" | "brush", to: ReadonlySet<number> | null): void;
  isRestricted(by: "filter" | "brush"): boolean;
  /** Hovered and pinned, for marking. */
  focus(): number[];
  /** Calls back after every change with what changed. */
  subscribe(listener: (change: "focus" | "pinned" | "visible") => void): void;
}

/** A fresh selection with nothing chosen. */
export function createSelection(): Selection {
  const listeners: ((change: "focus" | "pinned" | "visible") => void)[] = [];
  const limits: { filter: ReadonlySet<number> | null; brush: ReadonlySet<number> | null } = {
    filter: null,
    brush: null,
  };
  let hovered: number | null = null;
  let pinned: number | null = null;
  let visible: ReadonlySet<number> | null = null;
  const tell = (change: "focus" | "pinned" | "visible"): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    get hovered() {
      return hovered;
    },
    get pinned() {
      return pinned;
    },
    get visible() {
      return visible;
    },
    hover(index) {
      if (index === hovered) return;
      hovered = index;
      tell("focus");
    },
    pin(index) {
      pinned = index === pinned ? null : index;
      tell("pinned");
      tell("focus");
    },
    restrict(by, to) {
      limits[by] = to;
      const { filter, brush } = limits;
      visible =
        filter === null
          ? brush
          : brush === null
            ? filter
            : new Set([...filter].filter((i) => brush.has(i)));
      tell("visible");
    },
    isRestricted(by) {
      return limits[by] !== null;
    },
    focus() {
      return [...new Set([pinned, hovered])].filter((index) => index !== null);
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}
