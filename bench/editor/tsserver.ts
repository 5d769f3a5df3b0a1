// The language server of TypeScript 5.9 and 6.0: `tsserver`, which speaks a protocol of its own over stdio.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type LanguageServer, Pending, readMessages } from './language-server.js';
import { changeBetween, placeAt } from './text.js';

interface Response {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

const location = (text: string, offset: number): { line: number; offset: number } => {
  const { line, character } = placeAt(text, offset);
  return { line: line + 1, offset: character + 1 };
};

export class Tsserver implements LanguageServer {
  readonly #process: ChildProcess;
  readonly #pending = new Pending<Response>();
  readonly #texts = new Map<string, string>();
  #notices = 1_000_000;

  constructor(script: string, directory: string) {
    this.#process = spawn(
      process.execPath,
      ['--max-old-space-size=6144', script, '--disableAutomaticTypingAcquisition', '--suppressDiagnosticEvents'],
      { cwd: directory, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    this.#process.stdout?.on(
      'data',
      readMessages((message) => this.#receive(message as Response)),
    );
    this.#process.once('exit', () => this.#pending.rejectAll(new Error('tsserver ended')));
    this.#notify('configure', {
      preferences: {
        includeCompletionsForModuleExports: false,
        includeCompletionsForImportStatements: false,
        includeCompletionsWithInsertText: true,
        includePackageJsonAutoImports: 'off',
      },
    });
  }

  open(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#notify('open', { file: path, fileContent: text });
  }

  edit(path: string, text: string): void {
    const old = this.#text(path);
    const { start, end, inserted } = changeBetween(old, text);
    this.#texts.set(path, text);
    const [from, to] = [location(old, start), location(old, end)];
    this.#notify('change', {
      file: path,
      line: from.line,
      offset: from.offset,
      endLine: to.line,
      endOffset: to.offset,
      insertString: inserted,
    });
  }

  async completions(path: string, offset: number): Promise<string[]> {
    const { body } = await this.#request('completionInfo', { file: path, ...location(this.#text(path), offset) });
    return ((body as { entries?: { name: string }[] } | undefined)?.entries ?? []).map((entry) => entry.name);
  }

  async hover(path: string, offset: number): Promise<string> {
    const { body } = await this.#request('quickinfo', { file: path, ...location(this.#text(path), offset) });
    return (body as { displayString?: string } | undefined)?.displayString ?? '';
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#notify('exit', {});
    await ended;
  }

  #text(path: string): string {
    const text = this.#texts.get(path);
    if (text === undefined) throw new Error(`${path} is not open`);
    return text;
  }

  #receive(message: Response): void {
    if (message.type !== 'response' || message.request_seq === undefined) return;
    // "No content available" is how tsserver says that there is nothing to show.
    if (message.success || message.message === 'No content available.')
      this.#pending.resolve(message.request_seq, message);
    else this.#pending.reject(message.request_seq, new Error(`tsserver: ${message.message}`));
  }

  #send(seq: number, command: string, parameters: object): void {
    this.#process.stdin?.write(`${JSON.stringify({ seq, type: 'request', command, arguments: parameters })}\n`);
  }

  #notify(command: string, parameters: object): void {
    this.#send(this.#notices++, command, parameters);
  }

  #request(command: string, parameters: object): Promise<Response> {
    return this.#pending.add((seq) => this.#send(seq, command, parameters));
  }
}
