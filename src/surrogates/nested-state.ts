import { InputError } from "../core/errors.ts";
import type { JsonValue, SavedArray, SavedState, SavedSurrogate, Task } from "./contract.ts";

/** Saved surrogates inside the state of another: their settings as JSON, their arrays under `prefix.name`. */
export function nestStates(
  prefix: string,
  members: readonly SavedSurrogate[],
): { readonly settings: JsonValue; readonly arrays: Readonly<Record<string, SavedArray>> } {
  const arrays: Record<string, SavedArray> = {};
  const settings = members.map((member, k) => {
    for (const [name, values] of Object.entries(member.arrays)) {
      arrays[`${prefix}${k}.${name}`] = values;
    }
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
    const start = `${prefix}${k}.`;
    const parts = Object.entries(arrays).filter(([name]) => name.startsWith(start));
    return {
      ...common,
      family,
      version,
      summary,
      settings: own,
      arrays: Object.fromEntries(parts.map(([name, values]) => [name.slice(start.length), values])),
    };
  });
}

function damaged(who: string, path: string): InputError {
  return new InputError(`${who}: "${path}" of the saved model is not a saved surrogate.`, {
    path,
    hint: "The file is damaged; train the model again.",
  });
}
