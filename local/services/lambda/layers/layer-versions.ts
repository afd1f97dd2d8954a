/** PublishLayerVersion, GetLayerVersion, ListLayerVersions, ListLayers, DeleteLayerVersion. */
import type { Architecture, LayerVersionsListItem, PublishLayerVersionResponse, Runtime } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { notFound } from "../errors.ts";
import { readPackage } from "../functions/package.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import type { LAMBDA } from "../store.ts";
import type { LayerVersion } from "./store.ts";

export const publishLayerVersion =
  (lambda: LambdaService): Handler<LAMBDA, "PublishLayerVersion"> =>
  async (input, call) => {
    const name = layerName(input.LayerName);
    new Constraints().present("content", input.Content).check();
    const { codeSha256, codeSize } = await readPackage(lambda, input.Content ?? {}, call.principal);
    return details(
      lambda,
      lambda.layers.publish({
        name,
        description: input.Description ?? "",
        compatibleRuntimes: input.CompatibleRuntimes ?? [],
        compatibleArchitectures: input.CompatibleArchitectures ?? [],
        licenseInfo: input.LicenseInfo,
        codeSha256,
        codeSize,
      }),
    );
  };

export const getLayerVersion =
  (lambda: LambdaService): Handler<LAMBDA, "GetLayerVersion"> =>
  (input) => {
    const layer = lambda.layers.get(layerName(input.LayerName), input.VersionNumber ?? 0);
    if (layer === undefined) throw notFound("The resource you requested does not exist.");
    return details(lambda, layer);
  };

export const listLayerVersions =
  (lambda: LambdaService): Handler<LAMBDA, "ListLayerVersions"> =>
  (input) => {
    const versions = lambda.layers.versionsOf(layerName(input.LayerName));
    const { items, nextMarker } = pageOf(versions, input.Marker, input.MaxItems);
    return {
      LayerVersions: items.map((layer) => summary(lambda, layer)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };

export const listLayers =
  (lambda: LambdaService): Handler<LAMBDA, "ListLayers"> =>
  (input) => {
    const { items, nextMarker } = pageOf(lambda.layers.names(), input.Marker, input.MaxItems);
    const listed = items.map((name) => {
      const [newest] = lambda.layers.versionsOf(name);
      return {
        LayerName: name,
        LayerArn: lambda.layers.layerArn(name),
        ...(newest && { LatestMatchingVersion: summary(lambda, newest) }),
      };
    });
    return { Layers: listed, ...(nextMarker !== undefined && { NextMarker: nextMarker }) };
  };

/** Deleting what is not there is no error. Functions that use the version keep it. */
export const deleteLayerVersion =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteLayerVersion"> =>
  (input) => {
    lambda.layers.delete(layerName(input.LayerName), input.VersionNumber ?? 0);
    return {};
  };

/** A name, or the layer's ARN. */
function layerName(text: string | undefined): string {
  new Constraints()
    .text("layerName", text, {
      required: true,
      min: 1,
      max: 140,
      pattern: /^(arn:aws[\w-]*:lambda:[\w-]+:\d{12}:layer:)?[\w-]+$/,
    })
    .check();
  return (text ?? "").slice((text ?? "").lastIndexOf(":") + 1);
}

const summary = (lambda: LambdaService, layer: LayerVersion): LayerVersionsListItem => ({
  LayerVersionArn: lambda.layers.arn(layer),
  Version: layer.version,
  Description: layer.description,
  CreatedDate: new Date(layer.createdAt).toISOString().replace("Z", "+0000"),
  // As they were given; this cloud does not look at them.
  CompatibleRuntimes: [...layer.compatibleRuntimes] as Runtime[],
  CompatibleArchitectures: [...layer.compatibleArchitectures] as Architecture[],
  ...(layer.licenseInfo !== undefined && { LicenseInfo: layer.licenseInfo }),
});

const details = (lambda: LambdaService, layer: LayerVersion): PublishLayerVersionResponse => ({
  ...summary(lambda, layer),
  LayerArn: lambda.layers.layerArn(layer.name),
  Content: { CodeSha256: layer.codeSha256, CodeSize: layer.codeSize },
});
