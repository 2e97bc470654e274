import { InputError } from "../core/errors.ts";
import type { JsonValue, SavedArray, SavedState, SavedSurrogate, Task } from "./contract.ts";

type Arrays = SavedState["arrays"];

/** The arrays under names with a prefix, as a state has them that holds another. */
export function prefixed(arrays: Arrays, prefix: string): Record<string, SavedArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [`${prefix}${name}`, values]),
  );
}

/** The arrays whose names begin with a prefix, under their names without it. */
export function arraysUnder(arrays: Arrays, prefix: string): Record<string, SavedArray> {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), values]),
  );
}

/** Saved surrogates inside the state of another: their settings as JSON, their arrays under `prefix.name`. */
export function nestStates(
  prefix: string,
  members: readonly SavedSurrogate[],
): { readonly settings: JsonValue; readonly arrays: Arrays } {
  const arrays: Record<string, SavedArray> = {};
  const settings = members.map((member, k) => {
    Object.assign(arrays, prefixed(member.arrays, `${prefix}${k}.`));
    const { family, version, summary } = member;
    return { family, version, summary: { ...summary }, settings: member.settings };
  });
  return { settings, arrays };
}

/**
 * What `nestStates` took apart.
 * @param who begins the errors @throws InputError for settings that are not those of saved surrogates
 */
export function unnestStates(
  who: string,
  prefix: string,
  settings: JsonValue,
  { arrays }: SavedState,
  common: { readonly task: Task; readonly inputs: number },
): SavedSurrogate[] {
  if (!Array.isArray(settings)) throw damaged(who, prefix);
  return settings.map((one: JsonValue, k) => {
    const member = one as Partial<SavedSurrogate> | null;
    const isWhole =
      typeof member === "object" &&
      typeof member?.family === "string" &&
      typeof member.version === "number" &&
      typeof member.summary === "object" &&
      typeof member.settings === "object";
    if (!isWhole) throw damaged(who, `${prefix}${k}`);
    const { family, version, summary, settings: own } = member as SavedSurrogate;
    return {
      ...common,
      family,
      version,
      summary,
      settings: own,
      arrays: arraysUnder(arrays, `${prefix}${k}.`),
    };
  });
}

/** The one surrogate that `nestStates` took apart; see `unnestStates`. */
export function unnestState(...given: Parameters<typeof unnestStates>): SavedSurrogate {
  const [who, prefix] = given;
  const states = unnestStates(...given);
  if (states.length !== 1) throw damaged(who, prefix.trim());
  return states[0];
}

function damaged(who: string, path: string): InputError {
  return new InputError(`${who}: "${path}" of the saved model is not a saved surrogate.`, {
    path,
    hint: "The file is damaged; train the model again.",
  });
}
