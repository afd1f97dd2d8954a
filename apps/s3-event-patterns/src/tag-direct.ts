/** Point to point: S3 invokes this function for each picture. What fails three times goes to the function's on-failure destination. */
import { handleS3 } from "#shared/events/s3";
import { tagPicture } from "./labels/tag-picture.ts";

export const handler = handleS3({}, tagPicture);
