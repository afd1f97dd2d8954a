/** AWS::Serverless::LayerVersion: a new resource with every change, as layer versions cannot be changed. */
import { compact } from "../value.ts";
import { codeFingerprint, layerContent, shaOfJson } from "./code.ts";
import { checkProperties, type Lowering, type SamResource, textOf } from "./lowering.ts";

export function lowerLayerVersion(lowering: Lowering, resource: SamResource): void {
  const { properties } = resource;
  checkProperties(
    lowering,
    resource,
    [
      "CompatibleArchitectures",
      "CompatibleRuntimes",
      "ContentUri",
      "Description",
      "LayerName",
      "LicenseInfo",
      "RetentionPolicy",
    ],
    ["PublishLambdaVersion"],
  );
  const content = layerContent(lowering, resource);
  const members = compact({
    Content: content,
    Description: properties["Description"],
    LayerName: properties["LayerName"] ?? resource.id,
    CompatibleArchitectures: properties["CompatibleArchitectures"],
    CompatibleRuntimes: properties["CompatibleRuntimes"],
    LicenseInfo: properties["LicenseInfo"],
  });
  const id = `${resource.id}${shaOfJson({ ...members, Content: codeFingerprint(content) })}`;
  lowering.add(id, "AWS::Lambda::LayerVersion", members, {
    ...resource.attributes,
    DeletionPolicy: deletionPolicy(textOf(lowering.known(properties["RetentionPolicy"]))),
  });
  lowering.renamed.set(resource.id, id);
}

/** Versions of layers are kept unless the template says otherwise. */
const deletionPolicy = (retention: string | undefined): string =>
  retention?.toLowerCase() === "delete" ? "Delete" : "Retain";
