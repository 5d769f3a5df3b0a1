// Prints a step of the example: what was written, the SQL that it sent, what came back.
import { inspect } from 'node:util';

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const width = Math.min(process.stdout.columns ?? 110, 120);

function paint(code: number, text: string): string {
  return coloured ? `\u001b[${code}m${text}\u001b[0m` : text;
}

const bold = (text: string) => paint(1, text);
const dim = (text: string) => paint(2, text);
const cyan = (text: string) => paint(36, text);
const green = (text: string) => paint(32, text);
const red = (text: string) => paint(31, text);

let sent: { text: string; params: unknown[] }[] = [];

/** A Drizzle logger. */
export const statements = {
  logQuery(text: string, params: unknown[]): void {
    sent.push({ text, params });
  },
};

export function title(text: string, subtitle: string): void {
  console.log(`\n${bold(text)}\n${dim(subtitle)}`);
}

export function section(text: string): void {
  console.log(`\n${bold(`── ${text} `)}${dim('─'.repeat(Math.max(0, width - text.length - 4)))}`);
}

export function note(text: string): void {
  console.log(dim(`\n  ${text}`));
}

/** Runs a step and shows it; gives what the step gave. */
export async function show<T>(step: () => PromiseLike<T> | T, as?: string): Promise<T> {
  sent = [];
  const code = sourceOf(step);
  console.log(`\n  ${green('›')} ${bold(indent(as === undefined ? code : `const ${as} = ${code}`, 4))}`);
  try {
    const result = await step();
    printStatements();
    if (result !== undefined) console.log(`    ${indent(inspect(result, look), 4)}`);
    return result;
  } catch (error) {
    printStatements();
    console.log(`    ${red((error as Error).name)}: ${(error as Error).message}`);
    throw error;
  }
}

/** A step that is meant to fail. */
export async function showError(step: () => unknown): Promise<void> {
  await show(async () => step()).then(
    () => {
      throw new Error('this step should have failed');
    },
    () => undefined,
  );
}

const look = { colors: coloured, depth: 4, breakLength: width - 8, compact: 3 } as const;

function printStatements(): void {
  for (const { text, params } of sent) {
    console.log(
      `    ${cyan(indent(broken(text), 4))}${params.length > 0 ? dim(`  -- ${inspect(params)}`) : ''}`,
    );
  }
}

/** A long statement, one clause a line. */
function broken(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= width - 10) return flat;
  return flat.replace(
    / (?=(?:from|where|inner join|left (?:outer )?join|group by|having|order by|limit|returning|on conflict|values) )/gi,
    '\n  ',
  );
}

/** The step as it stands in the source, less the arrow; the compiler's double quotes made single again. */
function sourceOf(step: () => unknown): string {
  const text = String(step)
    .replace(/^(async )?\(\) => /, '')
    .replaceAll('"', "'");
  if (!text.startsWith('{')) return text.startsWith('await ') ? text : `await ${text}`;
  const lines = text
    .slice(1, -1)
    .replace(/^\s*\n|\s+$/g, '')
    .split('\n');
  const margin = Math.min(...lines.map((line) => line.search(/\S/)).filter((at) => at >= 0));
  return lines.map((line) => line.slice(margin)).join('\n');
}

function indent(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}
