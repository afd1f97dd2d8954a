/** Receipt handles name a queue, a message and one receive of it; to callers they are opaque. */

export function makeReceiptHandle(queueName: string, messageId: string, receive: string): string {
  return Buffer.from(JSON.stringify([queueName, messageId, receive])).toString("base64");
}

/** Answers undefined for a text that is not a receipt handle of this queue. */
export function readReceiptHandle(handle: string, queueName: string): { id: string; receive: string } | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(handle, "base64").toString());
    if (!Array.isArray(parts) || parts.length !== 3) return undefined;
    const [name, id, receive]: unknown[] = parts;
    if (name !== queueName || typeof id !== "string" || typeof receive !== "string") return undefined;
    return { id, receive };
  } catch {
    return undefined;
  }
}
