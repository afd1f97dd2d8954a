/**
 * What all SDK clients have in common. Each file beside this one makes one client, once a module, so that a function bundles
 * the clients it uses and no other.
 */
export const settings = {
  /** Slows down by itself when a service asks to ("Retry behavior", AWS SDKs and Tools Reference Guide). */
  retryMode: "adaptive",
  /** The first and four more: four throttled calls in a row are survived. */
  maxAttempts: 5,
  /** Milliseconds. Connections are kept alive by default. Without the flag a slow request would only cause a warning. */
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;

/** For calls that wait for another function or a whole state machine: no answer within its time limit is the caller's own affair. */
export const patient = { ...settings, requestHandler: { connectionTimeout: 2_000 } } as const;
