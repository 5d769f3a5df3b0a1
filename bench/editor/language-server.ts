/** What an editor asks of a language server, whichever protocol it speaks. */
export interface LanguageServer {
  open(path: string, text: string): void;
  /** Gives the file a new text, sent as the smallest change. */
  edit(path: string, text: string): void;
  /** The names offered at an offset, in the server's order. Automatic imports are off. */
  completions(path: string, offset: number): Promise<string[]>;
  /** The declaration that a hover shows, as plain text; empty where there is nothing to show. */
  hover(path: string, offset: number): Promise<string>;
  close(): Promise<void>;
}

/** Answers that are awaited, by the number of the request. */
export class Pending<T> {
  #next = 1;
  readonly #waiting = new Map<number, { resolve(value: T): void; reject(error: Error): void }>();

  add(send: (id: number) => void): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      send(id);
    });
  }

  resolve(id: number, value: T): void {
    this.#waiting.get(id)?.resolve(value);
    this.#waiting.delete(id);
  }

  reject(id: number, error: Error): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Cuts a byte stream into the JSON messages that `Content-Length` headers announce. Both protocols frame them so. */
export const readMessages = (onMessage: (message: unknown) => void): ((chunk: Buffer) => void) => {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const headerEnd = buffer.indexOf('\r\n\r\n');
      if (headerEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, headerEnd))?.[1]);
      const bodyEnd = headerEnd + 4 + length;
      if (buffer.length < bodyEnd) return;
      const body = buffer.toString('utf8', headerEnd + 4, bodyEnd);
      buffer = buffer.subarray(bodyEnd);
      onMessage(JSON.parse(body));
    }
  };
};
