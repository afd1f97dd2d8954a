/** Removes what was made of a picture, unless an older version of it has come up again. */
import { count } from "#shared/observability/metrics";
import { currentVersion } from "../picture/originals.ts";
import type { PictureEvent } from "../picture/picture-event.ts";
import { agree } from "./agree.ts";
import { announce } from "./announce.ts";
import { findMade, removeMade } from "./gallery.ts";
import { keyOfResolution, refusalOf, RESOLUTIONS } from "./resolution.ts";
import { noteStanding, standingOf } from "./standings.ts";

export async function removeResolutions(picture: PictureEvent, time: string): Promise<string> {
  const { imageKey, order } = picture;
  if (refusalOf(picture) !== undefined) return "nothing was made of it";
  const [version, known] = [await currentVersion(picture), await standingOf(imageKey)];
  const isOlderOneGone = version !== undefined && known?.version?.versionId === version.versionId;
  if (isOlderOneGone && known.order !== order) return "an older version went";

  await noteStanding(imageKey, { order, version });
  const standing = await standingOf(imageKey);
  if (standing?.version) {
    // Also when this event comes again: the function may have died before it told them.
    if (standing.order === order) await announce(picture, standing.version, time);
    return standing.order === order ? "an older version came up again" : "overtaken by a later event";
  }
  let removed = 0;
  for (const resolution of RESOLUTIONS) {
    const key = keyOfResolution(resolution, picture);
    const outcome = await agree({
      standing: () => standingOf(imageKey),
      made: () => findMade(key),
      // Stored again meanwhile: that is for those who make resolutions, whose event comes.
      make: () => Promise.resolve("source gone"),
      remove: (made) => removeMade(key, made),
    });
    if (outcome === "removed") removed += 1;
  }
  count("ResolutionsRemoved", removed);
  return `${removed} resolutions removed`;
}
