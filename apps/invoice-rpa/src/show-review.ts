/** The page on which a person sees what was found on an invoice. It changes nothing: mail scanners follow links. */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { s3 } from "#shared/clients/s3";
import { handleHttp } from "#shared/http";
import { LinkPath, openByLink } from "./review/link.ts";
import { formOf, pageAnswer, reviewPage } from "./review/page.ts";
import type { Invoice } from "./stores/invoice-store.ts";

const DOCUMENT_SECONDS = 900;

export const handler = handleHttp({ path: LinkPath }, async ({ path }) => {
  const { invoice, state } = await openByLink(path, Date.now());
  const document = state === "open" ? await linkTo(invoice) : undefined;
  return pageAnswer(200, reviewPage({ invoice, state, document, form: formOf(invoice) }));
});

const linkTo = ({ bucket_name: Bucket, invoice_key: Key, version_id: VersionId }: Invoice): Promise<string> =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket, Key, VersionId }), { expiresIn: DOCUMENT_SECONDS });
