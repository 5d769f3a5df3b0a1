// Prints a step of the example: what was written, the SQL that it sent, what came back.
import { readFileSync } from 'node:fs';
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

/** A Drizzle logger: prints each statement as it is sent. */
export const statements = {
  logQuery(text: string, params: unknown[]): void {
    const values = params.length > 0 ? dim(`  -- ${inspect(params)}`) : '';
    console.log(`    ${cyan(indent(broken(text), 4))}${values}`);
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
  announce(as);
  try {
    const result = await step();
    if (result !== undefined) console.log(`    ${indent(inspect(result, look), 4)}`);
    return result;
  } catch (error) {
    console.log(`    ${describe(error as Error)}`);
    throw error;
  }
}

/** A step that is meant to fail: shows its error. */
export async function showError(step: () => unknown): Promise<void> {
  announce();
  try {
    await step();
  } catch (error) {
    console.log(`    ${describe(error as Error)}`);
    return;
  }
  throw new Error('this step should have failed');
}

function announce(as?: string): void {
  const code = steps.shift() ?? '';
  console.log(`\n  ${green('›')} ${bold(indent(as === undefined ? code : `const ${as} = ${code}`, 4))}`);
}

function describe(error: Error): string {
  return `${red(error.constructor.name)}: ${indent(error.message, 4)}`;
}

const look = { colors: coloured, depth: 4, breakLength: width - 8, compact: 3 } as const;

/** A long statement, one clause a line. */
function broken(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= width - 10) return flat;
  return flat.replace(
    / (?=(?:from|where|inner join|left (?:outer )?join|group by|having|order by|limit|returning|on conflict|values) )/gi,
    '\n  ',
  );
}

/** The steps of main.ts as they are written there, in order: what is shown is the source itself. */
const steps = readSteps(readFileSync(new URL('./main.ts', import.meta.url), 'utf8'));

function readSteps(source: string): string[] {
  return [...source.matchAll(/\bshow(?:Error)?\(\s*(?:async )?\(\) =>/g)].map((match) => {
    const from = match.index + match[0].length;
    return layOut(source.slice(from, endOfArgument(source, from)).trim());
  });
}

/** Where the argument that starts here ends: at a comma or bracket that belongs to the call around it. */
function endOfArgument(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at] as string;
    if (`'"\``.includes(char)) at = source.indexOf(char, at + 1);
    else if ('([{'.includes(char)) depth++;
    else if (depth === 0 && ',)'.includes(char)) return at;
    else if (')]}'.includes(char)) depth--;
  }
  return source.length;
}

function layOut(code: string): string {
  const lines = code.split('\n');
  const isBlock = code.startsWith('{');
  const kept = isBlock ? lines.slice(1, -1) : lines;
  const margins = kept
    .slice(isBlock ? 0 : 1)
    .map((line) => line.search(/\S/))
    .filter((at) => at >= 0);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  const laid = kept.map((line, n) => (isBlock || n > 0 ? line.slice(margin) : line)).join('\n');
  return isBlock ? laid : `await ${laid}`;
}

function indent(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}
