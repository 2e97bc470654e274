import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../core/errors.ts";
import { planners } from "./planning/registry.ts";
import { strategies } from "./registry.ts";
import { checkSettings, settingNotes, type Configurable } from "./settings.ts";

const all: readonly Configurable[] = [...Object.values(strategies), ...Object.values(planners)];

test("every setting of every strategy and planner has a meaning, and nothing else has", () => {
  for (const spec of all) {
    assert.deepEqual(Object.keys(spec.about).sort(), Object.keys(spec.defaults).sort(), spec.name);
    for (const { name, text } of settingNotes(spec))
      assert.ok(text.length > 10, `${spec.name} ${name}`);
    checkSettings(spec, { ...spec.defaults });
  }
});

test("settings are checked by name, word and kind, with the nearest name", () => {
  const refusal = (settings: Record<string, unknown>) => {
    try {
      checkSettings(planners.bayesian, settings);
    } catch (error) {
      assert.ok(error instanceof InputError);
      return error.details;
    }
    return assert.fail("accepted");
  };
  assert.match(refusal({ aquisition: "ucb" }).hint ?? "", /"acquisition"/);
  assert.match(refusal({ acquisition: "ubc" }).hint ?? "", /"ucb"/);
  assert.match(refusal({ raw: "many" }).expected ?? "", /a number, such as 512/);
  assert.throws(() => checkSettings(planners.random, { raw: 1 }), /unknown setting "raw"/);
  checkSettings(planners.bayesian, { acquisition: null, initial: 4 });
});
