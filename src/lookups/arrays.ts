/** Arrays, ranges: what contains what, elements and slices. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { type FieldType, TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { Exact } from './comparison.js';
import { ListRhs, Lookup, type LookupClass, Transform } from './lookup.js';

/** `numeric(10, 2)[]` and the like: the type as it is, so that elements compare as they are. */
const castTo = (type: FieldType | undefined): string => (type ? `::${type.base}` : '');

abstract class ArrayOperator extends Lookup {
  protected abstract readonly operator: string;
  protected get other(): FieldType {
    return this.type;
  }
  protected override prepare(): void {
    if (this.rhs instanceof Param) {
      const { encode } = this.other;
      this.rhs.require((value) => void encode(value));
    }
  }
  override sql(compiler: Compiler): string {
    const lhs = compiler.compile(this.lhs);
    return `${lhs} ${this.operator} ${rightSide(this.rhs, compiler, this.other)}`;
  }
}

function rightSide(rhs: Param | Expression, compiler: Compiler, type: FieldType): string {
  if (rhs instanceof Param) return compiler.param(rhs, type.encode) + castTo(type);
  if (rhs instanceof ListRhs) {
    const element = type.element ?? TYPES.text;
    const items = rhs.items.map((item) =>
      item instanceof Param ? compiler.param(item, element.encode) : compiler.compile(item),
    );
    return `ARRAY[${items.join(', ')}]${castTo(type)}`;
  }
  const sql = compiler.compile(rhs);
  return rhs.output?.family === 'array' && !sql.startsWith('(SELECT') ? `${sql}${castTo(type)}` : sql;
}

class ArrayContains extends ArrayOperator {
  static override readonly lookupName = 'contains';
  protected readonly operator = '@>';
}
class ArrayContainedBy extends ArrayOperator {
  static override readonly lookupName = 'contained_by';
  protected readonly operator = '<@';
}
class Overlap extends ArrayOperator {
  static override readonly lookupName = 'overlap';
  protected readonly operator = '&&';
}
class ArrayExact extends Exact {
  override sql(compiler: Compiler): string {
    return `${compiler.compile(this.lhs)} = ${rightSide(this.rhs, compiler, this.type)}`;
  }
}

export const ARRAY_LOOKUPS: Record<string, LookupClass> = Object.fromEntries(
  [ArrayContains, ArrayContainedBy, Overlap, ArrayExact].map((c) => [c.lookupName, c as unknown as LookupClass]),
);

/** How many elements; an empty array has none. */
export class ArrayLength extends Transform {
  override get output(): FieldType {
    return TYPES.integer;
  }
  override sql(compiler: Compiler): string {
    const lhs = compiler.compile(this.inner);
    return `CASE WHEN ${lhs} IS NULL THEN NULL ELSE COALESCE(ARRAY_LENGTH(${lhs}, 1), 0) END`;
  }
}

/** `tags__0`: counted from 0, as Django does. */
export class ArrayIndex extends Transform {
  constructor(
    inner: Expression,
    readonly index: number,
  ) {
    super(inner);
  }
  protected override ownKey(): string {
    return String(this.index);
  }
  override get output(): FieldType {
    return this.inner.output?.element ?? TYPES.text;
  }
  override sql(compiler: Compiler): string {
    return `(${compiler.compile(this.inner)})[${compiler.constant(String(this.index + 1))}::integer]`;
  }
}

/** `tags__0_2`: from, up to and without. */
export class ArraySlice extends Transform {
  constructor(
    inner: Expression,
    readonly from: number,
    readonly to: number,
  ) {
    super(inner);
  }
  protected override ownKey(): string {
    return `${this.from}_${this.to}`;
  }
  override sql(compiler: Compiler): string {
    return `(${compiler.compile(this.inner)})[${compiler.constant(String(this.from + 1))}::integer:${compiler.constant(String(this.to))}::integer]`;
  }
}

/** The transform that a step of digits names on an array. */
export function arrayStep(name: string): ((lhs: Expression) => Transform) | undefined {
  if (name === 'len') return (lhs) => new ArrayLength(lhs);
  if (/^\d{1,9}$/.test(name)) return (lhs) => new ArrayIndex(lhs, Number(name));
  const slice = /^(\d{1,9})_(\d{1,9})$/.exec(name);
  return slice ? (lhs) => new ArraySlice(lhs, Number(slice[1]), Number(slice[2])) : undefined;
}

const RANGE_ELEMENT: Record<string, FieldType> = {
  int4range: TYPES.integer,
  int8range: TYPES.bigint,
  numrange: TYPES.numeric,
  tsrange: TYPES.timestamp,
  tstzrange: TYPES.timestamptz,
  daterange: TYPES.date,
};

const spans = new WeakMap<FieldType, Encode>();

/** An element is the range of itself alone, so that one statement serves both. */
function spanEncoder(type: FieldType): Encode {
  let made = spans.get(type);
  if (!made) {
    const element = RANGE_ELEMENT[type.base] ?? TYPES.text;
    made = (value) => {
      if (typeof value === 'string' && /^\s*([[(]|empty\s*$)/i.test(value)) return type.encode(value);
      const end = `"${String(element.encode(value)).replace(/["\\]/g, '\\$&')}"`;
      return `[${end},${end}]`;
    };
    spans.set(type, made);
  }
  return made;
}

function rangeLookup(name: string, operator: string): LookupClass {
  return class extends Lookup {
    static override readonly lookupName = name;
    protected override prepare(): void {
      if (this.rhs instanceof Param)
        this.rhs.require((value) => {
          if (value === null) throw new ValueError(`'${name}' takes a range.`);
        });
    }
    override sql(compiler: Compiler): string {
      const type = this.lhs.output ?? TYPES.unknown;
      const lhs = compiler.compile(this.lhs);
      if (!(this.rhs instanceof Param)) return `${lhs} ${operator} ${compiler.compile(this.rhs)}`;
      const encode = name === 'contains' ? spanEncoder(type) : type.encode;
      return `${lhs} ${operator} ${compiler.param(this.rhs, encode)}::${type.base}`;
    }
  } as unknown as LookupClass;
}

export const RANGE_LOOKUPS: Record<string, LookupClass> = Object.fromEntries(
  (
    [
      ['contains', '@>'],
      ['contained_by', '<@'],
      ['overlap', '&&'],
      ['fully_lt', '<<'],
      ['fully_gt', '>>'],
      ['not_lt', '&>'],
      ['not_gt', '&<'],
      ['adjacent_to', '-|-'],
    ] as const
  ).map(([name, operator]) => [name, rangeLookup(name, operator)]),
);

class RangePart extends Transform {
  constructor(
    inner: Expression,
    readonly part: string,
  ) {
    super(inner);
  }
  protected override ownKey(): string {
    return this.part;
  }
  override get output(): FieldType {
    if (this.part === 'LOWER' || this.part === 'UPPER')
      return RANGE_ELEMENT[this.inner.output?.base ?? ''] ?? TYPES.text;
    return TYPES.boolean;
  }
  override sql(compiler: Compiler): string {
    return `${this.part}(${compiler.compile(this.inner)})`;
  }
}

const RANGE_PARTS: Record<string, string> = {
  startswith: 'LOWER',
  endswith: 'UPPER',
  isempty: 'ISEMPTY',
  lower_inc: 'LOWER_INC',
  lower_inf: 'LOWER_INF',
  upper_inc: 'UPPER_INC',
  upper_inf: 'UPPER_INF',
};

export function rangeStep(name: string): ((lhs: Expression) => Transform) | undefined {
  const part = Object.hasOwn(RANGE_PARTS, name) ? RANGE_PARTS[name] : undefined;
  return part === undefined ? undefined : (lhs) => new RangePart(lhs, part);
}
export const RANGE_STEPS = Object.keys(RANGE_PARTS);
