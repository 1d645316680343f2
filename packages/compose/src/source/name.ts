import { substitute } from '../interpolate/template.ts'
import { textAt } from '../tree/node.ts'
import type { SourceDocument } from './document.ts'

/**
 * The last `name:` of the documents, with variables where there is an environment; `COMPOSE_PROJECT_NAME` is not among them yet. A name that cannot be
 * substituted is undefined here and reported where the document is interpolated.
 */
export function nameInFiles(
  documents: readonly SourceDocument[],
  environment: ReadonlyMap<string, string> | undefined,
): string | undefined {
  const template = documents.flatMap(({ root }) => textAt(root, 'name') || []).at(-1)
  if (template === undefined || environment === undefined) return template
  const { text, error } = substitute(template, (name) => environment.get(name))
  return error === undefined ? text : undefined
}
