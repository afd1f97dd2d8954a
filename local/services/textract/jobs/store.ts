/** Jobs and their results, which Textract keeps for seven days (StartDocumentAnalysis). */
import type { Block, FeatureType, NotificationChannel, S3Object, Warning } from "@aws-sdk/client-textract";
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";

export interface Job {
  readonly id: string;
  readonly features: readonly FeatureType[];
  readonly object: S3Object;
  readonly caller: Principal;
  readonly startedAt: number;
  readonly tag?: string | undefined;
  readonly channel?: NotificationChannel | undefined;
  /** ClientRequestToken, and the request that came with it. */
  readonly token?: string | undefined;
  readonly request: string;
  readonly status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "PARTIAL_SUCCESS";
  readonly statusMessage?: string | undefined;
  readonly pages?: number | undefined;
  readonly warnings?: readonly Warning[] | undefined;
  /** Where the blocks are kept, as JSON. */
  readonly blocks?: string | undefined;
}

const DAYS_KEPT = 7;

export class Jobs {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get #jobs() {
    return this.#cloud.storage.map<Job>("textract.jobs");
  }

  save(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  find(id: string): Job | undefined {
    const job = this.#jobs.get(id);
    if (!job || this.#cloud.clock.now() < job.startedAt + DAYS_KEPT * 86_400_000) return job;
    if (job.blocks !== undefined) this.#cloud.storage.blobs.delete(job.blocks);
    this.#jobs.delete(id);
    return undefined;
  }

  findByToken(token: string): Job | undefined {
    for (const job of this.#jobs.values()) if (job.token === token && this.find(job.id)) return job;
    return undefined;
  }

  open(): Job[] {
    return [...this.#jobs.values()].filter(({ status }) => status === "IN_PROGRESS");
  }

  blocksOf({ blocks }: Job): Block[] {
    if (blocks === undefined) return [];
    return JSON.parse(this.#cloud.storage.blobs.read(blocks).toString()) as Block[]; // as `keep` wrote them
  }

  keep(blocks: readonly Block[]): string {
    return this.#cloud.storage.blobs.put(Buffer.from(JSON.stringify(blocks)));
  }
}
