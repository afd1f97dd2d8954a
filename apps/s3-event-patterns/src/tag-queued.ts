/** Queued: the same work at a pace of our own, message by message; what cannot succeed is put aside with its reason. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { tagPicture } from "./labels/tag-picture.ts";

export const handler = handleS3({ putAside: sendToDeadLetters(env.text("DEAD_LETTERS_URL")) }, tagPicture);
