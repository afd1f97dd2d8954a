/** Rotation by a function, in its four steps (Rotation by Lambda function). */
import type { Cancel } from "../../core/clock.ts";
import { asService } from "../../core/principal.ts";
import type { Handlers } from "../../core/service.ts";
import {
  checkedToken,
  invalidParameter,
  invalidRequest,
  PENDING,
  type Sdk,
  type Secret,
  type SecretStore,
  withVersion,
} from "./store.ts";

const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
const DAY = 86_400_000;

export class Rotations {
  readonly #store: SecretStore;
  readonly #timers = new Map<string, Cancel>();

  constructor(store: SecretStore) {
    this.#store = store;
  }

  handlers(): Handlers<Sdk> {
    const store = this.#store;
    const { cloud } = store;
    return {
      RotateSecret: (input) => {
        const secret = store.findUsable(input.SecretId);
        const lambdaArn = input.RotationLambdaARN ?? secret.rotation?.lambdaArn;
        if (lambdaArn === undefined)
          throw invalidRequest("No Lambda rotation function ARN is associated with this secret.");
        const rules = input.RotationRules;
        if (rules?.ScheduleExpression !== undefined || rules?.Duration !== undefined)
          throw invalidParameter(
            "ScheduleExpression and Duration are not supported by the local cloud: use AutomaticallyAfterDays.",
          );
        const afterDays = rules?.AutomaticallyAfterDays ?? secret.rotation?.afterDays;
        if (afterDays !== undefined && (afterDays < 1 || afterDays > 1000))
          throw invalidParameter("AutomaticallyAfterDays must be between 1 and 1000.");
        const id = checkedToken(cloud, input.ClientRequestToken);
        const saved = store.save({ ...secret, rotation: { ...secret.rotation, lambdaArn, afterDays } });
        if (input.RotateImmediately ?? true) this.#rotate(saved, id);
        else this.schedule(saved);
        return { ARN: secret.arn, Name: secret.name, VersionId: id };
      },
      CancelRotateSecret: (input) => {
        const secret = store.findUsable(input.SecretId);
        this.#timers.get(secret.name)?.();
        store.save({ ...secret, rotation: undefined });
        return { ARN: secret.arn, Name: secret.name };
      },
    };
  }

  /** Arms the timer of the next rotation. */
  schedule(secret: Secret): void {
    const { rotation, name } = secret;
    this.#timers.get(name)?.();
    if (rotation?.afterDays === undefined) return;
    const { clock } = this.#store.cloud;
    const nextAt =
      rotation.nextAt !== undefined && rotation.nextAt > clock.now()
        ? rotation.nextAt
        : clock.now() + rotation.afterDays * DAY;
    this.#store.save({ ...secret, rotation: { ...rotation, nextAt } });
    const due = () => {
      const current = this.#store.lookUp(name);
      if (current?.rotation && current.deletedAt === undefined) this.#rotate(current, this.#store.cloud.uuid());
    };
    this.#timers.set(name, clock.at(nextAt, due, { background: true }));
  }

  resume(): void {
    for (const secret of this.#store.secrets.values()) this.schedule(secret);
  }

  #rotate(secret: Secret, token: string): void {
    const { cloud } = this.#store;
    // The version is there, without a value, before the function is called: createSecret fills it.
    this.#store.save(withVersion(secret, { id: token, createdAt: cloud.clock.now(), value: undefined }, [PENDING]));
    cloud.clock.background(`rotation of secret ${secret.name}`, async () => {
      const succeeded = await this.#runSteps(secret, token);
      const current = this.#store.lookUp(secret.name);
      if (!current?.rotation) return;
      const rotation = { ...current.rotation, nextAt: undefined, ...(succeeded && { rotatedAt: cloud.clock.now() }) };
      this.schedule(this.#store.save({ ...current, rotation }));
    });
  }

  /** A step that fails ends the rotation; the pending version stays for the next try. */
  async #runSteps(secret: Secret, token: string): Promise<boolean> {
    const { cloud } = this.#store;
    for (const Step of STEPS) {
      const Payload = Buffer.from(JSON.stringify({ SecretId: secret.arn, ClientRequestToken: token, Step }));
      try {
        const as = asService("secretsmanager.amazonaws.com", secret.arn);
        const answer = await cloud.call(
          "lambda",
          "Invoke",
          { FunctionName: secret.rotation?.lambdaArn, InvocationType: "RequestResponse", Payload },
          as,
        );
        if (answer.FunctionError !== undefined)
          throw new Error(answer.Payload ? Buffer.from(answer.Payload).toString() : answer.FunctionError);
      } catch (error) {
        cloud.log.warn(
          `rotation of secret ${secret.name} failed in ${Step}: ${error instanceof Error ? error.message : String(error)}`,
        );
        return false;
      }
    }
    return true;
  }
}
