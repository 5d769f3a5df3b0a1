// Expressions as they are written in a call: the compiler says what each gives, and the run time gives it.

const numbers = [
  'int',
  'intNull',
  'small',
  'big',
  'bigBig',
  'double',
  'real',
  'decimal',
  'decimalNumber',
  'decimalBig',
] as const;
const dates = ['day', 'dayDate', 'at', 'atText'] as const;
const columns = [...numbers, ...dates, 'flag', 'flagNull', 'text', 'textNull', 'clock', 'span', 'json', 'words', 'pk'];
const paths = [...columns, 'owner', 'owner__name', 'owner__rank'];

const each = <T>(items: readonly T[], write: (item: T) => string | string[]): string[] => items.flatMap(write);
const pairs = (write: (a: string, b: string) => string | string[]): string[] =>
  each(numbers, (a) => each(numbers, (b) => write(a, b)));

const expressions = [
  ...each(paths, (p) => [
    `F('${p}')`,
    `Count('${p}')`,
    `JSONBAgg('${p}')`,
    `JSONObject({ a: '${p}' })`,
    `Case(When({ int__gt: 4 }, { then: F('${p}') }))`,
    `Case(When({ int__gt: 4 }, { then: F('${p}') }), { default: F('${p}') })`,
    `Subquery(Sample.aobjects.filter({ pk: OuterRef('pk') }).values('${p}'))`,
    `Window(Lag('${p}'), { order_by: 'id' })`,
    `Window(Lead('${p}', 2), { order_by: 'id' })`,
    `Window(NthValue('${p}', 2), { order_by: 'id' })`,
  ]),
  ...each([...numbers, ...dates, 'text', 'textNull', 'clock', 'span'], (p) => [
    `Min('${p}')`,
    `Max('${p}', { filter: Q({ int__gt: 100 }) })`,
    `ArrayAgg('${p}')`,
    `Coalesce('${p}', '${p}')`,
    `NullIf('${p}', '${p}')`,
    `Window(Max('${p}'), { partition_by: 'flag' })`,
  ]),
  ...each([...numbers, 'clock', 'span'], (p) => `Avg('${p}')`),
  ...each([...numbers, 'span'], (p) => [`Sum('${p}')`, `Sum('${p}', { default: 0 })`]),
  ...each(numbers, (p) => [
    ...['Abs', 'Ceil', 'Floor', 'Round', 'Sign', 'Sqrt', 'Ln', 'Degrees', 'StdDev', 'Variance'].map(
      (f) => `${f}('${p}')`,
    ),
    ...['add', 'sub', 'mul', 'div', 'mod', 'pow'].map((op) => `F('${p}').${op}(2)`),
    ...['add', 'sub', 'mul', 'div', 'pow'].map((op) => `F('${p}').${op}(0.5)`),
    `F('${p}').neg()`,
    `Value(0.5).mul(F('${p}'))`,
    `Value(1e-3).add(F('${p}'))`,
    `Window(Lag('${p}', 1, F('int')), { order_by: 'id' })`,
    `Window(Lag('${p}', 1, F('intNull')), { order_by: 'id' })`,
    `Window(Lead('${p}', { default: F('intNull') }), { order_by: 'id' })`,
    `Coalesce('${p}', Value(7))`,
    `Sum('${p}').div(Value(4n))`,
    `Coalesce(Sum('${p}').div(4), Value(4n))`,
    `Case(When({ int__gt: 4 }, { then: '${p}' }), { default: 0.5 })`,
    `Case(When({ int__gt: 4 }, { then: Value(0.5) }), { default: '${p}' })`,
    `Coalesce(Subquery(Sample.aobjects.filter({ pk: OuterRef('pk') }).values('${p}')), 0.5)`,
    `NullIf('${p}', Value(7))`,
  ]),
  ...pairs((a, b) => [
    ...['add', 'sub', 'mul', 'div', 'mod', 'pow'].map((op) => `F('${a}').${op}(F('${b}'))`),
    ...['Coalesce', 'Greatest', 'Least', 'NullIf', 'Mod', 'Power', 'Log'].map((f) => `${f}('${a}', '${b}')`),
    `Case(When({ int__gt: 4 }, { then: '${a}' }), { default: F('${b}') })`,
    `Coalesce('${a}', Subquery(Sample.aobjects.filter({ pk: OuterRef('pk') }).values('${b}')))`,
  ]),
  ...each(['int', 'double', 'decimal', 'decimalNumber'], (p) => [
    `F('${p}').mul(F('span'))`,
    `F('span').mul(F('${p}'))`,
    `F('span').div(F('${p}'))`,
  ]),
  ...each(dates, (p) => [
    ...['Year', 'Month', 'Day', 'WeekDay', 'Quarter'].map((part) => `Extract${part}('${p}')`),
    ...['Year', 'Month', 'Week', 'Date'].map((unit) => `Trunc${unit}('${p}')`),
    `F('${p}').add(F('span'))`,
    `F('${p}').sub(F('${p}'))`,
    `Trunc('${p}', 'month')`,
  ]),
  ...each(['at', 'atText', 'clock'], (p) => [
    ...['Hour', 'Second'].flatMap((part) => [`Extract${part}('${p}')`, `Trunc${part}('${p}')`]),
    `Extract('${p}', 'minute')`,
    `Trunc('${p}', 'minute')`,
    `TruncTime('${p}')`,
  ]),
  ...["ExtractDay('span')", "ExtractHour('span')", "Extract('span', 'day')"],
  ...each(['text', 'textNull'], (p) => [
    ...['Lower', 'Upper', 'Length', 'Trim', 'Reverse', 'MD5'].map((f) => `${f}('${p}')`),
    `Concat('${p}', '${p}')`,
    `Left('${p}', 2)`,
    `StringAgg('${p}', ',')`,
  ]),
  ...['RowNumber()', 'Rank()', 'CumeDist()', 'Ntile(2)'].map((f) => `Window(${f}, { order_by: 'id' })`),
  ...[
    'Now()',
    'Random()',
    'Pi()',
    'RandomUUID()',
    "Value('x')",
    'Value(1)',
    'Value(0.5)',
    'Avg(Value(0.5))',
    'Sum(Value(0.5))',
    'Value(true)',
    'Value(null)',
    "Count('*')",
  ],
  "Exists(Sample.aobjects.filter({ pk: OuterRef('pk') }))",
];

/** Each is written once as a call that gives one column. */
export const outputs: readonly string[] = [
  ...new Set(expressions.map((x) => `Sample.aobjects.annotate({ x: ${x} }).values_list('x', { flat: true })`)),
  ...paths.map((p) => `Sample.aobjects.values_list('${p}', { flat: true })`),
  ...columns.map((p) => `Owner.aobjects.values_list('sample__${p}', { flat: true })`),
];

/** The names that they are written with. */
export const functions: readonly string[] = [
  ...new Set(expressions.flatMap((x) => x.match(/\b[A-Z]\w*(?=\()/g) ?? [])),
].sort();
