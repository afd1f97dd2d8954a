/** Ids of users as the audit trail holds them: who has the key can show that a user was erased, nobody can read who was. */
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { createHmac } from "node:crypto";
import { secrets } from "#shared/clients/secrets";
import { env } from "#shared/environment";

/** HMAC-SHA256 of each id, in hexadecimal. */
export async function pseudonymsOf(users: readonly string[]): Promise<readonly string[]> {
  const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: env.text("AUDIT_KEY_ARN") }));
  return users.map((user) => createHmac("sha256", SecretString).update(user).digest("hex"));
}
