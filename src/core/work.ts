/** How far a long computation has come. */
export interface Progress {
  /** What is being done, in a few words a user understands: `forest for yield_strength`. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** What a caller gives to a long computation: a way to stop it and a listener. */
export interface Work {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: Progress) => void) | undefined;
}

/**
 * Reports progress, lets the event loop turn once (so that a Ctrl-C, a timer or a click is seen),
 * and throws the signal's reason when the work was cancelled. Call it every few milliseconds of work.
 */
export async function checkpoint(work: Work, progress: Progress): Promise<void> {
  work.report?.(progress);
  await nextTurn();
  if (work.signal?.aborted) throw work.signal.reason;
}

type Immediate = (callback: () => void) => unknown;
const immediate = (globalThis as { setImmediate?: Immediate }).setImmediate;

function nextTurn(): Promise<void> {
  if (immediate !== undefined) return new Promise((resolve) => immediate(resolve));
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

/**
 * The part of a longer computation between two shares of the whole (0 ... 1): what it reports as its
 * own progress moves the whole from `from` to `to`, under the label of the part unless one is given.
 */
export function stage(work: Work, from: number, to: number, label?: string): Work {
  const { report } = work;
  if (report === undefined) return work;
  return {
    ...work,
    report: (progress) => {
      const share = progress.total === 0 ? 1 : progress.done / progress.total;
      const done = Math.round(1000 * (from + (to - from) * share));
      report({ label: label ?? progress.label, done, total: 1000 });
    },
  };
}
