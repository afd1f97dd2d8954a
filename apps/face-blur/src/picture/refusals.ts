/** Why a picture is put aside at once: trying again would not change it. */
import { AppError, TooLarge } from "#shared/errors";

/** Not a JPEG, PNG or WebP, whatever its name says. */
export class PictureUnsupported extends AppError {}

/** More than one frame: a face could be in any of them. */
export class PictureAnimated extends AppError {}

/** The decoder gave up: broken off, damaged, or made to keep it busy. */
export class PictureBroken extends AppError {}

/** More bytes or pixels than the function is made for. */
export class PictureTooLarge extends TooLarge {}

/** A key that programs which mirror the bucket to a disk could mistake for a path out of it. */
export class KeyRefused extends AppError {}

/** More faces than can be told apart with confidence. */
export class TooManyFaces extends AppError<{ atLeast: number }> {}
