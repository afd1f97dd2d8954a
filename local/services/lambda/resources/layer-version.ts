/** AWS::Lambda::LayerVersion. Every change makes a new version. */
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { type Package, packageOf, readPackage } from "../functions/package.ts";
import type { LambdaService } from "../lambda-service.ts";
import { defined, differs, fields, text, texts } from "./properties.ts";

export const layerVersionProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    CompatibleArchitectures: true,
    CompatibleRuntimes: true,
    Content: {
      Local: { folder: true, buildMethod: true, buildProperties: true },
      S3Bucket: true,
      S3Key: true,
      S3ObjectVersion: true,
    },
    Description: true,
    LayerName: true,
    LicenseInfo: true,
  },
  async create(properties, context) {
    const { codeSha256, codeSize } = await contentOf(lambda, properties);
    const layer = lambda.layers.publish({
      name: text(properties["LayerName"]) ?? context.physicalName(64),
      description: text(properties["Description"]) ?? "",
      compatibleRuntimes: texts(properties["CompatibleRuntimes"]) ?? [],
      compatibleArchitectures: texts(properties["CompatibleArchitectures"]) ?? [],
      licenseInfo: text(properties["LicenseInfo"]),
      codeSha256,
      codeSize,
    });
    const arn = lambda.layers.arn(layer);
    return { physicalId: arn, attributes: { LayerVersionArn: arn } };
  },
  // A folder's files are not mounted into functions: when they change, the layer is the same.
  update: (arn, properties, previous) =>
    differs(Object.keys({ ...properties, ...previous }), properties, previous)
      ? "replace"
      : { physicalId: arn, attributes: { LayerVersionArn: arn } },
  delete(arn) {
    const [name = "", version] = arn.split(":").slice(-2);
    lambda.layers.delete(name, Number(version));
  },
});

/** A folder's packages are found in the repository's node_modules; only that it is there is known of it. */
function contentOf(lambda: LambdaService, properties: Properties): Promise<Package> | Package {
  const content = fields(properties["Content"]) ?? {};
  const folder = text(fields(content["Local"])?.["folder"]);
  if (folder !== undefined) return packageOf({ kind: "local", folder });
  const [S3Bucket, S3Key, S3ObjectVersion] = ["S3Bucket", "S3Key", "S3ObjectVersion"].map((key) => text(content[key]));
  return readPackage(lambda, defined({ S3Bucket, S3Key, S3ObjectVersion }), ACCOUNT);
}
