/** Stores the label of a round's parcel. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { Round } from "./batch.ts";
import { drawLabel } from "./label/label.ts";
import { orderOf } from "./order/order-store.ts";
import { Id } from "./order/order.ts";

const LABELS = env.text("LABELS_BUCKET");
const Input = z.object({ orderId: Id, round: Round, lines: z.int(), weightGrams: z.int().check(z.gte(0)) });

export const handler = handle({ input: Input }, async (parcel) => {
  const { shipTo } = await orderOf(parcel.orderId);
  const Key = `${parcel.orderId}/${parcel.round}.svg`;
  await s3.send(
    new PutObjectCommand({ Bucket: LABELS, Key, Body: drawLabel({ ...parcel, shipTo }), ContentType: "image/svg+xml" }),
  );
  return { key: Key };
});
