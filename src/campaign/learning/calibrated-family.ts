import { InputError } from "../../core/errors.ts";
import { calibrated, leastCalibrationRows } from "../../surrogates/conformal/calibrated.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";

/**
 * The family with calibrated uncertainty, as `--calibrate` asks for it; its errors name the option.
 * @param name instead of `calibrated-<family>`
 */
export function calibratedFamily(spec: SurrogateSpec, name?: string): SurrogateSpec {
  const family = calibrated(spec);
  return {
    ...family,
    ...(name === undefined ? {} : { name }),
    async fit(input, options) {
      const { rows } = input.x;
      if (rows < leastCalibrationRows) {
        throw new InputError(
          `Calibration needs ${leastCalibrationRows} rows in every training part, and one has ${rows}.`,
          {
            path: "--calibrate",
            expected: `at least ${leastCalibrationRows} rows to learn from`,
            received: `${rows}`,
            hint: "Leave out --calibrate, or bring more data.",
          },
        );
      }
      return family.fit(input, options);
    },
  };
}
