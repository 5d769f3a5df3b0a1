import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serverCpu, serverCpuBetween, serverCpuReadable } from './cpu.js';
import type { Reply, Request } from './messages.js';
import { pin } from './pin.js';
import type { WorkloadName } from '../workloads.js';

const ANSWER_WITHIN_MS = 120_000;

/** Microseconds for one operation. */
export interface Sample {
  client: number;
  server: number;
  wall: number;
}

/** The parent's side of a contestant's process. */
export class Contender {
  readonly #child: ChildProcess;
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  #ended: Error | undefined;

  private constructor(
    readonly name: string,
    child: ChildProcess,
  ) {
    this.#child = child;
    child.on('message', (reply: Reply) => {
      if (reply.error) this.#waiting?.reject(new Error(reply.error));
      else this.#waiting?.resolve(reply);
    });
    child.on('exit', (code, signal) => {
      this.#ended = new Error(`${name} ended (${signal ?? code})`);
      this.#waiting?.reject(this.#ended);
    });
  }

  static async start(name: string, program: string, url: string): Promise<Contender> {
    const child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [program, url], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    pin(child.pid, 'client');
    let complaint = '';
    child.stderr!.on('data', (text) => {
      complaint = (complaint + text).slice(-2000);
    });
    const contender = new Contender(name, child);
    try {
      await contender.#reply();
    } catch (error) {
      throw new Error(complaint.match(/^\w*Error.*$/m)?.[0] ?? String(error));
    }
    return contender;
  }

  #reply(): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    let timer: NodeJS.Timeout;
    return new Promise<Reply>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${this.name} gave no answer within ${ANSWER_WITHIN_MS / 1000} s`));
        this.#child.kill('SIGKILL');
      }, ANSWER_WITHIN_MS);
      this.#waiting = { resolve, reject };
    }).finally(() => {
      clearTimeout(timer);
      this.#waiting = undefined;
    });
  }

  ask(request: Request): Promise<Reply> {
    const reply = this.#reply();
    if (!this.#ended) this.#child.send(request);
    return reply;
  }

  /** `count` operations, and what one of them cost. */
  async turn(workload: WorkloadName, count: number, postmaster: number | undefined): Promise<Sample> {
    const watch = postmaster !== undefined && serverCpuReadable;
    const before = watch ? serverCpu(postmaster) : undefined;
    const { cpu = 0, wall = 0 } = await this.ask({ do: 'turn', workload, count });
    const server = before ? serverCpuBetween(before, serverCpu(postmaster!)) : Number.NaN;
    return { client: cpu / count, server: server / count, wall: wall / count };
  }

  /** Warms the contestant up for `warmMs`, and finds how many operations fill a turn of `turnMs`. */
  async calibrate(workload: WorkloadName, turnMs: number, warmMs: number): Promise<number> {
    let count = 1;
    for (let spent = 0; ; ) {
      const { wall } = await this.turn(workload, count, undefined);
      const each = wall / 1000;
      spent += each * count;
      const fitting = Math.max(1, Math.round(turnMs / each));
      if (spent >= warmMs) return fitting;
      count = Math.min(count * 8, fitting);
    }
  }

  async stop(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await ended;
  }
}
