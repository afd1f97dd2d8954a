/** Which bodies are bytes ("Binary media types for REST APIs"). */

/** Whether a media type is among the API's binary ones; these may hold wildcards. */
export function isBinary(mediaType: string | undefined, binaryTypes: readonly string[] | undefined): boolean {
  const type = mediaType?.split(";")[0]?.trim().toLowerCase();
  if (!type) return (binaryTypes ?? []).includes("*/*");
  return (binaryTypes ?? []).some((binary) => {
    const pattern = binary.toLowerCase();
    return pattern === "*/*" || pattern === type || (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1)));
  });
}

/** Only the first media type of the Accept header counts. */
export const firstAccepted = (accept: string | undefined): string | undefined => accept?.split(",")[0];
