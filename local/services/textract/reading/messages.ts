/**
 * What the service and its reading thread say to each other. A page is measured in its own unit (points of a PDF, pixels of a picture) from its
 * upper left corner, as it is meant to be seen.
 */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Word extends Box {
  readonly text: string;
  /** 0 to 100. */
  readonly confidence: number;
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly words: readonly Word[];
}

export type Format = "pdf" | "picture";

export interface Ask {
  readonly id: number;
  readonly format: Format;
  readonly bytes: Uint8Array;
  readonly mostPages: number;
}

/** Why a document is refused as a whole. */
export type Refusal = "locked" | "unreadable" | "too many pages";

/** A page follows the other, so that one which hangs or is broken costs no other one. */
export type Reply =
  | { readonly id: number; readonly kind: "page"; readonly page: Page }
  | { readonly id: number; readonly kind: "lost page"; readonly reason: string }
  | { readonly id: number; readonly kind: "end" }
  | { readonly id: number; readonly kind: "refused"; readonly refusal: Refusal };
