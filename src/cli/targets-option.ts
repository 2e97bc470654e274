import { Option } from "commander";

/** `--targets <target...>`: what is wanted of the columns of a table. */
export const targetsOption = (): Option =>
  new Option(
    "--targets <target...>",
    'what is wanted, such as "strength -> maximise" "cost <= 5 USD/kg"',
  ).makeOptionMandatory();
