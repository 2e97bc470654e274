import { encodingsBench } from "./quality/tmp-long.ts";
for (const name of process.argv.slice(2)) for (const row of await encodingsBench.run((l) => console.error(l), name)) console.log(row.case, row.value, row.note);
