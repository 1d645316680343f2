import { type KubeObject, parseWait } from '@landfall/kube'
import { GATES } from '../adaptations/gates/gate-container.ts'
import type { Rule } from './finding.ts'

/** Every line of the lists is a wait that the program of the gates knows: it would wait for ever for anything else. */
export const gateRule: Rule = ({ all }) =>
  [...all].flatMap(([object, content]) =>
    linesOf(content)
      .filter(([, line]) => parseWait(line) === undefined)
      .map(([list, line]) => ({ object, at: `/data/${list}`, message: `"${line}" is not a wait` })),
  )

function linesOf({ kind, metadata, data }: KubeObject): [list: string, line: string][] {
  if (kind !== 'ConfigMap' || metadata.name !== GATES) return []
  const { 'gate.sh': _, ...lists } = data as Record<string, string>
  return Object.entries(lists).flatMap(([list, text]) =>
    text
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => [list, line]),
  )
}
