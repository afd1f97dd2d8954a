/** The pipeline of deletions: what was made of a picture goes when the picture goes. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { removeResolutions } from "./resolutions/remove.ts";
import { pictureEventOf } from "./picture/picture-event.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const picture = pictureEventOf(event);
  if (!picture || picture.stored) return;
  const outcome = await removeResolutions(picture, event.time);
  logger.info("picture removed", { imageKey: picture.imageKey, outcome });
});
