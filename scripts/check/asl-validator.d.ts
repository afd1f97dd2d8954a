/** The package has no types of its own. */
declare module "asl-validator" {
  interface Problem {
    readonly "Error code": string;
    readonly Message: string;
  }
  function validate(
    definition: unknown,
    options?: { readonly checkPaths?: boolean; readonly checkArn?: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly Problem[] };
  export default validate;
}
