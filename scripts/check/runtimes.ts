/**
 * When AWS deprecates Lambda's Node.js runtimes (Lambda runtimes, AWS Lambda Developer Guide; read 2026-11-24). A runtime must
 * have half a year left, so that a template deployed today can be kept up without haste.
 */
const DEPRECATION: Readonly<Record<string, string>> = {
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
};
const DAYS_LEFT = 180;

export function deprecationOf(runtime: string, today: Date): string[] {
  const date = DEPRECATION[runtime];
  if (date === undefined) return [`runtime ${runtime} is not in the table of runtimes`];
  const days = Math.floor((Date.parse(date) - today.getTime()) / 86_400_000);
  return days < DAYS_LEFT ? [`runtime ${runtime} is deprecated on ${date}, in ${days} days`] : [];
}
