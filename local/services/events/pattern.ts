/** The pattern language, for rules and for Lambda event source mappings. */
export { matchesPattern } from "./pattern/match.ts";
export { patternProblem } from "./pattern/validate.ts";
