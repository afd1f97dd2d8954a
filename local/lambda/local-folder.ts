/** Where the runtime keeps what it can make again: bundles, unpacked packages, compiled code. Ignored by git. */
import { join } from "node:path";

export const REPOSITORY = join(import.meta.dirname, "../..");
/** Inside the repository, so that bundles find external packages in its node_modules. */
export const LOCAL_FOLDER = join(REPOSITORY, ".local");
