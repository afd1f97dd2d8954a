/** AutoPublishAlias: a version of every change to the code, and an alias that points at the newest. */
import { inside } from "../../template-error.ts";
import { compact, getAtt, isFields, ref, type Fields } from "../../value.ts";
import { codeFingerprint, shaOfJson } from "../code.ts";
import { invalid, type Lowering, type SamResource, textOf } from "../lowering.ts";

/** Answers the alias's logical id, or undefined when nothing is published. */
export function lowerPublishing(lowering: Lowering, resource: SamResource, code: Fields): string | undefined {
  const { properties } = resource;
  const given = properties["AutoPublishAlias"];
  if (given === undefined) {
    if (properties["ProvisionedConcurrencyConfig"] !== undefined)
      throw invalid(
        resource.id,
        "To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function",
        inside(resource.path, "Properties"),
      );
    return undefined;
  }
  const path = inside(resource.path, "Properties.AutoPublishAlias");
  const alias = textOf(lowering.known(given));
  if (alias === undefined || !/^[A-Za-z0-9_-]+$/.test(alias))
    throw invalid(
      resource.id,
      `AutoPublishAlias must be a name that is known before deployment: text, or a reference to a parameter`,
      path,
    );
  const versionId = `${resource.id}Version${versionHash(lowering, resource, code)}`;
  const aliasId = `${resource.id}Alias${alias.replaceAll("-", "D").replaceAll("_", "U")}`;
  lowering.add(
    versionId,
    "AWS::Lambda::Version",
    { FunctionName: ref(resource.id), Description: properties["VersionDescription"] },
    { ...resource.passed, DeletionPolicy: resource.passed["DeletionPolicy"] ?? "Retain" },
  );
  lowering.add(
    aliasId,
    "AWS::Lambda::Alias",
    {
      Name: alias,
      FunctionName: ref(resource.id),
      FunctionVersion: getAtt(versionId, "Version"),
      ProvisionedConcurrencyConfig: properties["ProvisionedConcurrencyConfig"],
    },
    { ...resource.passed, ...deploymentPreference(lowering, resource) },
  );
  lowering.renamed.set(`${resource.id}.Version`, versionId);
  lowering.renamed.set(`${resource.id}.Alias`, aliasId);
  return aliasId;
}

/** CodeDeploy would move traffic by degrees. Here the wish is kept with the alias, and traffic moves at once. */
function deploymentPreference(lowering: Lowering, resource: SamResource): Fields {
  const preference = resource.properties["DeploymentPreference"];
  if (!isFields(preference) || String(lowering.known(preference["Enabled"])) === "false") return {};
  if (lowering.known(preference["Type"]) !== "AllAtOnce")
    lowering.warn(
      inside(resource.path, "Properties.DeploymentPreference"),
      "the local cloud moves all traffic at once and runs no hooks or alarms",
    );
  return { Metadata: { DeploymentPreference: preference } };
}

function versionHash(lowering: Lowering, resource: SamResource, code: Fields): string {
  const sha = textOf(lowering.known(resource.properties["AutoPublishCodeSha256"]));
  if (sha !== undefined) return sha.slice(0, 10);
  if (lowering.known(resource.properties["AutoPublishAliasAllProperties"]) !== true) return codeFingerprint(code);
  return shaOfJson(compact({ ...resource.properties, Code: codeFingerprint(code) }));
}
