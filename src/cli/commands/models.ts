import { Command } from "commander";
import { describeModel } from "../../campaign/describe-model.ts";
import { readModelFile } from "../../store/model-file.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates } from "../../surrogates/registry.ts";
import { modelText } from "../model-text.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar models`: what the families of models can do, or what a saved model is. */
export function modelsCommand(): Command {
  return new Command("models")
    .description("List the families of models with what they can do, or describe a saved model")
    .argument("[file]", "model file that ystar train has written")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar models strength.ystar`,
    )
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      if (file !== undefined) {
        const description = describeModel(await readModelFile(file));
        if (options.json) printJson(description);
        else print(modelText(description));
        return;
      }
      const families = Object.values<SurrogateSpec>(surrogates).map(familyOf);
      if (options.json) {
        printJson({ families });
        return;
      }
      const yes = (value: boolean): string => (value ? "yes" : "");
      print(
        textTable(families, [
          { title: "family", text: (one) => one.name },
          { title: "what it is", text: (one) => one.title },
          { title: "numbers", text: (one) => yes(one.regression) },
          { title: "classes", text: (one) => yes(one.classification) },
          { title: "missing values", text: (one) => yes(one.missing) },
          { title: "known noise", text: (one) => yes(one.noise) },
          { title: "most rows", text: (one) => (one.maxRows === null ? "" : `${one.maxRows}`) },
          { title: "can be saved", text: (one) => yes(one.isSavable) },
        ]),
      );
    });
}

/** What a family can do, as plain JSON. */
function familyOf(spec: SurrogateSpec) {
  const { name, title, supports, defaults } = spec;
  const { missing = false, categories = false, sources = false, noise = false } = supports;
  return {
    name,
    title,
    regression: supports.regression,
    classification: supports.classification,
    epistemic: supports.epistemic,
    aleatoric: supports.aleatoric,
    missing,
    categories,
    sources,
    noise,
    checkpoints: supports.checkpoints ?? false,
    maxRows: supports.maxRows ?? null,
    isSavable: spec.load !== undefined && spec.version !== undefined,
    defaults,
  };
}
