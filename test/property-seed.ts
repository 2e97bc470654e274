import fc from "fast-check";

// Property tests draw the same cases in every run, so that a failure is the change's own. Other cases:
// PROPERTY_SEED=<whole number> npm test
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20260801) });
