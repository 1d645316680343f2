import type { Span } from '@landfall/diagnostic'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type ScalarTag,
  type Tags,
} from 'yaml'
import type { BundleReport, Path } from '../manifest.ts'

/** A document of a YAML stream. */
export interface YamlDocument {
  value: unknown
  at(path: Path): Span
}

/**
 * The documents of a text that hold something, as the Kubernetes tools read them: YAML 1.1 (`yes` and `on` are true, 0644 is octal), with
 * neither times nor numbers to the base of 60. JSON is YAML. What cannot be read is reported, with its place, and gives no document.
 * https://github.com/kubernetes-sigs/yaml
 */
export function readDocuments(text: string, file: string, report: BundleReport): YamlDocument[] {
  const refuse = (message: string, start: number, end: number): void =>
    report({
      code: 'cli/manifest-syntax',
      severity: 'error',
      message: `this is not valid YAML: ${message}`,
      path: '',
      at: { file, start, end },
    })
  const documents = parse(text)
  if (documents === undefined) {
    refuse('it is nested too deeply', 0, 1)
    return []
  }
  const errors = documents.flatMap((document) => document.errors.slice(0, 1))
  for (const { message, pos } of errors) refuse(firstLine(message), pos[0], pos[1])
  if (errors.length > 0) return []
  return documents.flatMap((document) => {
    const { contents } = document
    if (contents === null || (isScalar(contents) && contents.value === null)) return []
    const at = (path: Path) => spanOf(contents, path, text, file)
    try {
      return [{ value: document.toJS({ maxAliasCount: 1_000 }) as unknown, at }]
    } catch (error) {
      const { start, end } = at([])
      refuse(error instanceof Error ? firstLine(error.message) : String(error), start, end)
      return []
    }
  })
}

/** Undefined for a text that is nested so deeply that the stack is not enough. */
function parse(text: string): readonly Document.Parsed[] | undefined {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.1',
      customTags: (tags) => [...tags.filter((tag) => !isNumberOrTime(tag)), ...NUMBERS],
      prettyErrors: false,
      logLevel: 'silent',
    })
    return 'empty' in documents ? [] : documents
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const INT = 'tag:yaml.org,2002:int'
const FLOAT = 'tag:yaml.org,2002:float'

/**
 * Numbers as Go's reader takes them: a dot alone is a text, 0644 is octal, 09 is nine.
 * https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
const NUMBERS: readonly ScalarTag[] = [
  {
    tag: INT,
    default: true,
    test: /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*)$/,
    resolve(text) {
      const digits = text.replaceAll('_', '').replace(/^[-+]/, '')
      const amount = Number(digits.replace(/^0([0-7]+)$/, '0o$1'))
      return text.startsWith('-') ? -amount : amount
    },
  },
  {
    tag: FLOAT,
    default: true,
    test: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
    resolve: (text) => Number(text.replaceAll('_', '')),
  },
]

/** Infinity and what is no number keep their tag, and are refused as values of objects. */
function isNumberOrTime(tag: Tags[number]): boolean {
  if (typeof tag !== 'object') return false
  const isSpecial = tag.tag === FLOAT && 'test' in tag && tag.test?.test('.inf') === true
  return (
    tag.tag === 'tag:yaml.org,2002:timestamp' ||
    ((tag.tag === INT || tag.tag === FLOAT) && !isSpecial)
  )
}

function firstLine(message: string): string {
  const [line = ''] = message.split('\n')
  return line.startsWith('Maximum call stack') ? 'it is nested too deeply' : line
}

/** The place of the deepest value on a path that is written there, up to the end of its line. */
function spanOf(contents: ParsedNode, path: Path, text: string, file: string): Span {
  let node: Node = contents
  for (const step of path) {
    const next: unknown = isAlias(node) ? undefined : childOf(node, step)
    if (!isNode(next)) break
    node = next
  }
  const [start = 0, end = start] = node.range ?? []
  const line = text.indexOf('\n', start)
  return { file, start, end: Math.max(start + 1, line === -1 ? end : Math.min(end, line)) }
}

function childOf(node: Node, step: string | number): unknown {
  if (isMap(node)) {
    const found = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
    return found?.value ?? found?.key
  }
  if (!isSeq(node)) return undefined
  // an element by a key, as the API server writes it: containers[name="web"]
  const [, key, value] = /^(\w+)="(.*)"$/.exec(String(step)) ?? []
  if (key === undefined) return node.items[Number(step)]
  return node.items.find((item) => isMap(item) && String(item.get(key)) === value)
}
