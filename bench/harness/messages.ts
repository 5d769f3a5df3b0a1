import type { WorkloadName } from '../workloads.js';

/** What the parent asks of a contestant's process. */
export type Request =
  | { do: 'answer'; workload: WorkloadName; n: number }
  | { do: 'turn'; workload: WorkloadName; count: number };

export interface Reply {
  ready?: true;
  /** The contestant has no way to do this workload. */
  missing?: true;
  answer?: unknown;
  /** Microseconds of the process itself, over the turn. */
  cpu?: number;
  wall?: number;
  error?: string;
}
