/** What a role may do: inline policies and attachments. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import { checkedName, encodeDocument, type Iam, noSuchEntity, page, type Store } from "./store.ts";

const INLINE_LIMIT = 10_240;
const MOST_ATTACHED = 10;

export function rolePolicyHandlers(store: Store): Handlers<Iam> {
  const { roles } = store;
  return {
    PutRolePolicy(input) {
      const role = store.role(input.RoleName);
      const name = checkedName("policyName", input.PolicyName);
      new Constraints("ValidationError")
        .text("policyDocument", input.PolicyDocument, { required: true, min: 1, max: 131_072 })
        .check();
      const document = input.PolicyDocument ?? "";
      checkPolicyDocument(document, "identity");
      const inline = { ...role.inline, [name]: document };
      // The limit is for all inline policies of a role together.
      const all = Object.values(inline).join("");
      if (all.replace(/\s/g, "").length > INLINE_LIMIT) {
        throw new ServiceError(
          "LimitExceededException",
          `Maximum policy size of ${INLINE_LIMIT} bytes exceeded for role ${role.name}`,
          { status: 409 },
        );
      }
      roles.set(role.name, { ...role, inline });
      return {};
    },

    GetRolePolicy(input) {
      const role = store.role(input.RoleName);
      const name = checkedName("policyName", input.PolicyName);
      const document = own(role.inline, name) ?? noSuchEntity(`The role policy with name ${name} cannot be found.`);
      return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
    },

    DeleteRolePolicy(input) {
      const role = store.role(input.RoleName);
      const name = checkedName("policyName", input.PolicyName);
      if (own(role.inline, name) === undefined) noSuchEntity(`The role policy with name ${name} cannot be found.`);
      const { [name]: _removed, ...inline } = role.inline;
      roles.set(role.name, { ...role, inline });
      return {};
    },

    ListRolePolicies(input) {
      const { items, rest } = page(Object.keys(store.role(input.RoleName).inline).sort(), input);
      return { PolicyNames: items, ...rest };
    },

    AttachRolePolicy(input) {
      const role = store.role(input.RoleName);
      const arn = attachable(store, input.PolicyArn);
      if (role.attached.includes(arn)) return {};
      if (role.attached.length >= MOST_ATTACHED) {
        throw new ServiceError("LimitExceededException", `Cannot exceed quota for PoliciesPerRole: ${MOST_ATTACHED}`, {
          status: 409,
        });
      }
      roles.set(role.name, { ...role, attached: [...role.attached, arn] });
      return {};
    },

    DetachRolePolicy(input) {
      const role = store.role(input.RoleName);
      const arn = input.PolicyArn ?? "";
      if (!role.attached.includes(arn)) noSuchEntity(`Policy ${arn} was not found.`);
      roles.set(role.name, { ...role, attached: role.attached.filter((attached) => attached !== arn) });
      return {};
    },

    ListAttachedRolePolicies(input) {
      const attached = store
        .role(input.RoleName)
        .attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn }));
      const { items, rest } = page(attached, input);
      return { AttachedPolicies: items, ...rest };
    },
  };
}

/** Throws NoSuchEntityException as AttachRolePolicy words it. */
function attachable(store: Store, arn: string | undefined): string {
  new Constraints("ValidationError").text("policyArn", arn, { required: true, min: 20, max: 2048 }).check();
  try {
    return store.policy(arn).arn;
  } catch {
    return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
}

const own = (values: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;
