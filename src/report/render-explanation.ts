import type { DatasetExplanation } from "../campaign/explanation.ts";
export const renderExplanation = (_: DatasetExplanation): string => "";
