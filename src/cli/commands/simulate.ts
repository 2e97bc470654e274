import { Command, InvalidArgumentError } from "commander";
import { backtest } from "../../campaign/backtest/backtest.ts";
import { problemLaboratory } from "../../campaign/backtest/problem-laboratory.ts";
import { withExperimentSettings } from "../../campaign/problem/settings/experiment-settings.ts";
import type { Problem } from "../../campaign/problem/problem.ts";
import { createRng } from "../../core/rng.ts";
import { stage } from "../../core/work.ts";
import { backtestText } from "../backtest-text.ts";
import { realNumber, setting } from "../options.ts";
import { print, printJson } from "../output.ts";
import { withWork } from "../progress.ts";
import { withResolvedProblem } from "../with-problem.ts";
import { addReplayOptions, replayOptions, type ReplayArguments } from "../replay-options.ts";

interface Options extends ReplayArguments {
  readonly noise: Readonly<Record<string, number>>;
  readonly json?: boolean;
}

/** Share of the work that learning the models takes. */
const modelShare = 0.2;

/** `ystar simulate`: campaigns in a laboratory that the problem's own models stand for. */
export function simulateCommand(): Command {
  const command = new Command("simulate")
    .description("Simulate campaigns on the models of a problem file against random designs")
    .argument("<problem>", "problem file (YAML or JSON)")
    .option(
      "--noise <name=std>",
      "of one measurement of an outcome, in its unit (default: what the model says)",
      noiseOf,
      {},
    );
  return addReplayOptions(command)
    .addHelpText(
      "after",
      `
Example:
  $ ystar simulate examples/reaction/problem.yaml --noise conversion=0.02 --budget 30 --batch 3`,
    )
    .action(runSimulate);
}

async function runSimulate(path: string, options: Options): Promise<void> {
  await withResolvedProblem(path, (problem) => simulate(problem, options));
}

async function simulate(problem: Problem, options: Options): Promise<void> {
  const { parsed } = problem;
  const seed = options.seed ?? parsed.content.seed;
  const result = await withWork(async (work) => {
    const laboratory = await problemLaboratory(problem, options.noise, {
      rng: createRng(seed).fork("laboratory"),
      work: stage(work, 0, modelShare),
    });
    const asked = replayOptions({ ...options, seed }, stage(work, modelShare, 1));
    return backtest(laboratory, withExperimentSettings(problem.experiments, asked));
  });
  const facts = {
    title: parsed.content.name,
    targets: problem.targets.map(({ text }) => text),
    inputs: problem.parameters.map(({ name }) => name),
    notes:
      problem.fidelity === undefined
        ? []
        : [`${problem.fidelity.parameter} is simulated at its target only.`],
  };
  if (options.json) printJson({ ...facts, ...result });
  else print(backtestText(facts, result));
}

function noiseOf(text: string, known: Readonly<Record<string, number>>) {
  const [[name, value]] = Object.entries(setting(text, {})) as [[string, string]];
  const std = realNumber(value);
  if (std >= 0) return { ...known, [name]: std };
  throw new InvalidArgumentError(`Expected noise of 0 or more, got "${value}".`);
}
