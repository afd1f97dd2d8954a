/** What is kept of a table besides its items. */

export type KeyType = "S" | "N" | "B";

export interface KeyNames {
  readonly hash: string;
  readonly sort?: string | undefined;
}

export interface Throughput {
  readonly read: number;
  readonly write: number;
}

export interface Projection {
  readonly type: "ALL" | "KEYS_ONLY" | "INCLUDE";
  /** Of INCLUDE, beside the keys. */
  readonly attributes: readonly string[];
}

export interface IndexRecord {
  readonly name: string;
  readonly kind: "global" | "local";
  readonly keys: KeyNames;
  readonly projection: Projection;
  readonly throughput?: Throughput | undefined;
  /** When an index added later has taken up all items, epoch ms. */
  readonly activeAt: number;
}

export type StreamView = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** All times in epoch milliseconds. */
export interface TableRecord {
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  /** Until then the table is being created. */
  readonly activeAt: number;
  /** Until then an update is being made. */
  readonly updatedAt: number;
  /** The table is being deleted and gone then. */
  readonly goneAt?: number | undefined;
  readonly attributeTypes: Readonly<Record<string, KeyType>>;
  readonly keys: KeyNames;
  readonly indexes: readonly IndexRecord[];
  /** Undefined when it is paid for by request. */
  readonly throughput?: Throughput | undefined;
  readonly billingChangedAt?: number | undefined;
  readonly stream?: { readonly view: StreamView; readonly arn: string; readonly label: string } | undefined;
  /** The stream that was open last. */
  readonly lastStream?: { readonly arn: string; readonly label: string } | undefined;
  readonly expiryAttribute?: string | undefined;
  readonly expiryChangedAt?: number | undefined;
  readonly recoverableSince?: number | undefined;
  readonly recoveryDays?: number | undefined;
  readonly isProtected: boolean;
  readonly tableClass: "STANDARD" | "STANDARD_INFREQUENT_ACCESS";
  readonly encryptionKey?: string | undefined;
  readonly isEncryptedByKms: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The attributes of the table's and the index's keys. */
export const keyNames = (...keys: readonly KeyNames[]): string[] => [
  ...new Set(keys.flatMap(({ hash, sort }) => (sort === undefined ? [hash] : [hash, sort]))),
];
