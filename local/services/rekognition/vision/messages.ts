/** What the service and its worker thread say to each other. Places are fractions of the picture's width and height. */

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface FoundFace {
  readonly box: Place;
  /** 0 to 1. */
  readonly score: number;
  /** The 68 points of the iBUG annotation, as [x, y]. */
  readonly landmarks: readonly (readonly [x: number, y: number])[];
  /** Degrees. */
  readonly angle: { readonly roll: number; readonly pitch: number; readonly yaw: number };
  /** 0 to 100. */
  readonly brightness: number;
  readonly sharpness: number;
}

export interface FoundThing {
  /** Index into the 80 classes of COCO. */
  readonly kind: number;
  readonly score: number;
  readonly box: Place;
}

export interface Ask {
  readonly id: number;
  readonly wanted: "faces" | "things";
  readonly bytes: Uint8Array;
}

export type Reply =
  | { readonly id: number; readonly found: readonly FoundFace[] | readonly FoundThing[]; readonly error?: undefined }
  | { readonly id: number; readonly error: string; readonly found?: undefined };
