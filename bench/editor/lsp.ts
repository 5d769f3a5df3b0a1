// The language server of TypeScript 7.0: `tsc --lsp --stdio`, the Language Server Protocol.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { type LanguageServer, Pending, readMessages } from './language-server.js';
import { changeBetween, placeAt } from './text.js';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** An optional property is labelled `name?`; what would be inserted is its name. */
interface CompletionItem {
  readonly label: string;
  readonly insertText?: string;
}

const uri = (path: string): string => pathToFileURL(path).href;

export class LspServer implements LanguageServer {
  readonly #process: ChildProcess;
  readonly #pending = new Pending<unknown>();
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #ready: Promise<void>;

  constructor(compiler: string, directory: string) {
    this.#process = spawn(process.execPath, [compiler, '--lsp', '--stdio'], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process.stdout?.on(
      'data',
      readMessages((message) => this.#receive(message as Message)),
    );
    this.#process.once('exit', () => this.#pending.rejectAll(new Error('the language server ended')));
    this.#ready = this.#initialize(directory);
  }

  open(path: string, text: string): void {
    this.#texts.set(path, { text, version: 1 });
    void this.#ready.then(() =>
      this.#notify('textDocument/didOpen', {
        textDocument: { uri: uri(path), languageId: 'typescript', version: 1, text },
      }),
    );
  }

  edit(path: string, text: string): void {
    const document = this.#document(path);
    const { start, end, inserted } = changeBetween(document.text, text);
    const range = { start: placeAt(document.text, start), end: placeAt(document.text, end) };
    document.text = text;
    const version = ++document.version;
    void this.#ready.then(() =>
      this.#notify('textDocument/didChange', {
        textDocument: { uri: uri(path), version },
        contentChanges: [{ range, text: inserted }],
      }),
    );
  }

  async completions(path: string, offset: number): Promise<string[]> {
    const result = (await this.#ask('textDocument/completion', path, offset)) as
      | { items?: CompletionItem[] }
      | CompletionItem[]
      | null;
    const items = Array.isArray(result) ? result : (result?.items ?? []);
    return items.map((item) => item.insertText ?? item.label);
  }

  async hover(path: string, offset: number): Promise<string> {
    const result = (await this.#ask('textDocument/hover', path, offset)) as { contents?: { value?: string } } | null;
    return result?.contents?.value ?? '';
  }

  async close(): Promise<void> {
    await this.#ready;
    await this.#request('shutdown');
    const ended = once(this.#process, 'exit');
    this.#notify('exit');
    this.#process.stdin?.end();
    await ended;
  }

  async #initialize(directory: string): Promise<void> {
    await this.#request('initialize', {
      processId: process.pid,
      rootUri: uri(directory),
      capabilities: {
        workspace: { configuration: true },
        textDocument: {
          completion: { completionItem: { snippetSupport: false } },
          hover: { contentFormat: ['plaintext'] },
        },
      },
    });
    this.#notify('initialized', {});
  }

  #document(path: string): { text: string; version: number } {
    const document = this.#texts.get(path);
    if (!document) throw new Error(`${path} is not open`);
    return document;
  }

  async #ask(method: string, path: string, offset: number): Promise<unknown> {
    const position = placeAt(this.#document(path).text, offset);
    await this.#ready;
    return this.#request(method, { textDocument: { uri: uri(path) }, position });
  }

  #receive(message: Message): void {
    if (message.method !== undefined) {
      // The server asks for the editor's settings section by section; every one is told the same.
      if (message.id !== undefined) {
        const settings = { suggest: { autoImports: false } };
        this.#send({ id: message.id, result: message.params?.items?.map(() => settings) ?? null });
      }
      return;
    }
    if (typeof message.id !== 'number') return;
    if (message.error) this.#pending.reject(message.id, new Error(`language server: ${message.error.message}`));
    else this.#pending.resolve(message.id, message.result);
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #notify(method: string, params?: object): void {
    this.#send({ method, params });
  }

  #request(method: string, params?: object): Promise<unknown> {
    return this.#pending.add((id) => this.#send({ id, method, params }));
  }
}
