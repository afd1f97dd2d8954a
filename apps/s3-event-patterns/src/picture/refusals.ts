/** Why a picture is put aside at once: trying again would not change it. */
import { AppError } from "#shared/errors";

/** No picture that can be read: another format, damaged, or larger than allowed. */
export class PictureRefused extends AppError {}

/** A key that leads out of a folder, breaks lines, or leaves no room for the name of a resolution. */
export class KeyRefused extends AppError {}
