import type { Report } from '@landfall/diagnostic'
import { type Document, type ParsedNode, parseAllDocuments } from 'yaml'
import { reportProblem } from '../codes.ts'
import { indentContinuations } from './continuations.ts'
import { readDocument, type SourceDocument } from './document.ts'
import { toSyntax } from './library-syntax.ts'
import { tooDeepAt } from './nesting.ts'
import { readOrdinary } from './ordinary/read.ts'
import { refusedByGo } from './strictness.ts'
import type { SyntaxNode } from './syntax.ts'
import { explainYamlError } from './yaml-error.ts'

/**
 * The documents of a text as trees. undefined: the text is no YAML, which is reported, once.
 * References: https://yaml.org/spec/1.2.2/ and https://yaml.org/type/merge.html.
 */
export function readYaml(text: string, file: string, report: Report): SourceDocument[] | undefined {
  const deep = tooDeepAt(text)
  if (deep !== undefined) {
    reportProblem(report, {
      code: 'compose/too-large',
      message: `${file} is nested too deeply`,
      path: '',
      at: { file, start: deep, end: deep + 1 },
    })
    return undefined
  }
  const ordinary = readOrdinary(text)
  const written = ordinary === undefined ? readAnyYaml(text, file, report) : [ordinary]
  const out: SourceDocument[] = []
  const anchors = new Map<string, SyntaxNode>()
  for (const contents of written ?? []) {
    const read = readDocument(contents, file, anchors, report)
    if (read === undefined) return undefined
    out.push(read)
  }
  return written && out
}

/** The documents that hold something, read by the `yaml` package. */
function readAnyYaml(text: string, file: string, report: Report): SyntaxNode[] | undefined {
  const asWritten = parse(text)
  const reindented = hasErrors(asWritten) ? indentContinuations(text) : undefined
  const again = reindented && parse(reindented.text)
  const documents = again === undefined || hasErrors(again) ? asWritten : again
  const refuse = (problem: { message: string; start: number; end: number; hint?: string }) => {
    const { message, start, end, hint } = problem
    reportProblem(report, {
      code: 'compose/yaml-syntax',
      message: `this is not valid YAML: ${message}`,
      path: '',
      at: { file, start, end },
      hint,
    })
    return undefined
  }
  for (const document of documents) {
    const first = document.errors[0]
    if (first !== undefined) return refuse(explainYamlError(first, document, text))
  }
  const read = documents === again ? reindented : undefined
  const syntax = documents.flatMap(({ contents }) =>
    contents === null ? [] : [toSyntax(contents as ParsedNode, read?.text ?? text, read?.written)],
  )
  const refusal = refusedByGo(text, syntax)
  if (refusal === undefined) return syntax
  return refuse({ ...refusal, start: refusal.at, end: refusal.at + 1 })
}

function parse(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return 'empty' in documents ? [] : documents
}

function hasErrors(documents: readonly Document.Parsed[]): boolean {
  return documents.some(({ errors }) => errors.length > 0)
}
