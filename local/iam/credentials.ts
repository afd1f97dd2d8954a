/** Temporary credentials of roles: who an access key speaks for. */
import { createHash } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import type { Credentials } from "../core/cloud.ts";
import { ServiceError } from "../core/errors.ts";
import type { Storage } from "../core/storage.ts";
import { ACCOUNT, type Principal } from "../core/principal.ts";
import type { Caller, Session } from "./context.ts";

interface StoredSession {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly session?: Session | undefined;
}

// Lambda renews the credentials of an environment; a worker here keeps its own for as long as it lives.
const WORKER_SECONDS = 10 * 365 * 24 * 3600;

export interface Credentialing {
  issue(roleArn: string, sessionName: string, durationSeconds?: number, session?: Session): Credentials;
  principalOf(accessKeyId: string | undefined): Caller;
}

export function createCredentialing(options: { clock: Clock; storage: Storage; uuid: () => string }): Credentialing {
  const { clock, storage, uuid } = options;
  const sessions = storage.map<StoredSession>("iam.sessions");
  let sweepAt = 1000;

  return {
    issue(roleArn, sessionName, durationSeconds = WORKER_SECONDS, session) {
      if (sessions.size >= sweepAt) {
        for (const [key, { expiresAt }] of sessions.entries()) if (expiresAt <= clock.now()) sessions.delete(key);
        sweepAt = sessions.size * 2 + 1000;
      }
      // Expirations are whole seconds in every protocol.
      const expiresAt = Math.floor(clock.now() / 1000) * 1000 + durationSeconds * 1000;
      const accessKeyId = `ASIA${base32(uuid()).slice(0, 16)}`;
      sessions.set(accessKeyId, { roleArn, sessionName, expiresAt, ...(session && { session }) });
      return {
        accessKeyId,
        secretAccessKey: hash(uuid(), "base64").slice(0, 40),
        sessionToken: `FwoGZXIvYXdz${hash(uuid(), "base64")}`,
        expiration: new Date(expiresAt),
      };
    },
    principalOf(accessKeyId): Principal {
      if (accessKeyId === undefined) return { kind: "anonymous" };
      const found = sessions.get(accessKeyId);
      if (found === undefined) return ACCOUNT;
      if (found.expiresAt <= clock.now()) {
        throw new ServiceError("ExpiredTokenException", "The security token included in the request is expired", {
          status: 403,
        });
      }
      const { roleArn, sessionName, session } = found;
      const caller: Caller = { kind: "role", roleArn, sessionName, ...(session && { session }) };
      return caller;
    },
  };
}

const hash = (seed: string, encoding: "base64" | "hex"): string => createHash("sha256").update(seed).digest(encoding);

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Upper-case letters and digits, as ids of IAM have them. */
export const base32 = (seed: string): string =>
  [...createHash("sha256").update(seed).digest()].map((byte) => BASE32.charAt(byte % 32)).join("");
