import { readFileSync, rmSync } from "node:fs";
import { InputError } from "../core/errors.ts";
import { decodeTensors, encodeTensors } from "../core/safetensors.ts";
import type { SavedState, TrainingCheckpoints } from "../surrogates/contract.ts";
import { writeFileAtomically } from "./model-file.ts";

const format = "ystar-checkpoint";
const version = 1;

/** Milliseconds between two writings while a training goes on. */
const interval = 2000;

/** A file that keeps where a training stands. */
export interface CheckpointFile {
  readonly path: string;
  readonly checkpoints: TrainingCheckpoints;
  /** Writes the last state that was given. @returns whether the file holds one of this run */
  flush(): boolean;
  /** Takes the file away, when the training is done. */
  remove(): void;
}

/**
 * Keeps the checkpoints of a training in a file, written every two seconds, each time as a whole or not at all.
 * @param resume go on from what the file holds
 * @throws InputError with `resume` for a file that is not there, is none of checkpoints, or is damaged
 */
export function openCheckpointFile(
  path: string,
  { resume }: { readonly resume: boolean },
): CheckpointFile {
  const kept = resume ? readCheckpoint(path) : undefined;
  let latest: SavedState | undefined;
  let isWritten = resume;
  let written = performance.now();
  const write = (): void => {
    if (latest === undefined) return;
    writeCheckpoint(path, latest);
    latest = undefined;
    isWritten = true;
    written = performance.now();
  };
  return {
    path,
    checkpoints: {
      save: (state) => {
        latest = state;
        if (performance.now() - written >= interval) write();
      },
      ...(kept === undefined ? {} : { resume: kept }),
    },
    flush: () => {
      write();
      return isWritten;
    },
    remove: () => rmSync(path, { force: true }),
  };
}

function writeCheckpoint(path: string, { settings, arrays }: SavedState): void {
  const metadata = { format, version: String(version), settings: JSON.stringify(settings) };
  writeFileAtomically(path, encodeTensors({ metadata, tensors: arrays }));
}

function readCheckpoint(path: string): SavedState {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new InputError(`There is no checkpoint "${path}" to go on from.`, {
      file: path,
      hint: "Train without --resume.",
      cause,
    });
  }
  try {
    const { metadata, tensors } = decodeTensors(bytes);
    if (metadata["format"] !== format || Number(metadata["version"]) !== version) {
      throw new InputError(`expected ${format} ${version}`);
    }
    return {
      settings: JSON.parse(metadata["settings"] ?? "") as SavedState["settings"],
      arrays: tensors,
    };
  } catch (cause) {
    throw new InputError(`"${path}" holds no checkpoint that this ystar can read.`, {
      file: path,
      hint: "It is damaged or of another version: remove it and train without --resume.",
      cause,
    });
  }
}
