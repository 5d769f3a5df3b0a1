import type { Inputs, WorkloadName } from './workloads.js';

/** A library's own way to do the workloads. One that it has no way for is left out. */
export interface Contestant {
  operations: { [W in WorkloadName]?: (input: Inputs[W]) => unknown };
  /** Where the answer needs more than `canonical` knows to be read. Never timed. */
  plain?: { [W in WorkloadName]?: (answer: any) => unknown };
  close(): Promise<unknown>;
}

export type Open = (url: string, poolSize: number) => Promise<Contestant> | Contestant;
