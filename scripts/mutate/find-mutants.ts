import { createHash } from 'node:crypto'
import { parseAst } from 'vitest/node'

/** One small change to one file of src/. */
export type Mutant = {
  /** Relative to src/. */
  readonly file: string
  readonly line: number
  readonly start: number
  readonly end: number
  readonly was: string
  readonly becomes: string
  /**
   * The file, the text of the line, which of the equal lines of the file it is, the place in it, and the change: the same
   * in another checkout wherever the line stands there too.
   */
  readonly key: string
}

/** A node of the syntax tree, as far as it is looked at here. */
type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [member: string]: unknown }
type Change = { readonly start: number; readonly end: number; readonly becomes: string }

const otherOperator: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
}

/** Of what only types are made of nothing is changed; of these the expression is. */
const typedExpressions = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'])

/** All mutants of a file: another operator, a condition that always or never holds, another number, the other boolean. */
export function findMutants(file: string, text: string): readonly Mutant[] {
  const changes: Change[] = []
  collect(parseAst(text, { lang: 'ts' }, file) as unknown as Node, text, changes)
  const lines = text.split('\n')
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  const seen = new Map<string, number>()
  const occurrences = lines.map((line) => {
    const count = seen.get(line.trim()) ?? 0
    seen.set(line.trim(), count + 1)
    return count
  })
  return changes.map(({ start, end, becomes }) => {
    const index = starts.findLastIndex((offset) => offset <= start)
    const line = lines[index] as string
    const column = start - (starts[index] as number) - (line.length - line.trimStart().length)
    const was = text.slice(start, end)
    const key = JSON.stringify([file, line.trim(), occurrences[index], column, was, becomes])
    return { file, line: index + 1, start, end, was, becomes, key }
  })
}

/**
 * `count` of the mutants, by chance. The seed orders them by their keys alone, so that two checkouts, and two lists with
 * some mutants in common, agree on those.
 */
export function chooseMutants(mutants: readonly Mutant[], seed: number, count: number): readonly Mutant[] {
  const orderOf = ({ key }: Mutant) => createHash('sha256').update(`${seed} ${key}`).digest('hex')
  const ordered = mutants.map((mutant) => ({ mutant, order: orderOf(mutant) }))
  ordered.sort((one, other) => (one.order < other.order ? -1 : 1))
  return ordered.slice(0, count).map(({ mutant }) => mutant)
}

function collect(node: Node, text: string, changes: Change[]): void {
  if (node.type.startsWith('TS') && !typedExpressions.has(node.type)) return
  changes.push(...changesOf(node, text))
  for (const child of Object.values(node).flat()) if (isNode(child)) collect(child, text, changes)
}

function changesOf(node: Node, text: string): readonly Change[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return changesOfOperator(node, text)
    case 'IfStatement':
    case 'ConditionalExpression':
      return ['true', 'false'].map((becomes) => ({ ...spanOf(node.test as Node), becomes }))
    case 'UnaryExpression':
      return node.operator === '!' ? [{ start: node.start, end: node.start + 1, becomes: '' }] : []
    case 'Literal':
      if (typeof node.value === 'number') return [{ ...spanOf(node), becomes: String(node.value + 1) }]
      if (typeof node.value === 'boolean') return [{ ...spanOf(node), becomes: String(!node.value) }]
      return []
    default:
      return []
  }
}

function changesOfOperator({ operator, left, right }: Node, text: string): readonly Change[] {
  const becomes = otherOperator[operator as string]
  if (becomes === undefined) return []
  const from = (left as Node).end
  const start = from + text.slice(from, (right as Node).start).indexOf(operator as string)
  return [{ start, end: start + (operator as string).length, becomes }]
}

function spanOf({ start, end }: Node): { start: number; end: number } {
  return { start, end }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}
