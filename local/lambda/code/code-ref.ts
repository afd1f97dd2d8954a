/** Where the code of a function version comes from. Kept with the version, so it is plain data. */

export type CodeRef =
  /** A folder of the repository; what `CodeUri` names in a template that is run from where it lies. */
  | {
      readonly kind: "local";
      readonly folder: string;
      /** `esbuild`, as in the function's SAM metadata; else the files run as they are. */
      readonly buildMethod?: string | undefined;
      readonly buildProperties?: Readonly<Record<string, unknown>> | undefined;
      /** Of a published version: the bundle as it was then. Built anew when it is no more. */
      readonly root?: string | undefined;
    }
  /** A deployment package, by its id in the cloud's blobs. */
  | { readonly kind: "zip"; readonly blob: string; readonly sha256: string }
  /** Source text of the template's `ZipFile`. */
  | { readonly kind: "inline"; readonly source: string };
