import type { Check, CheckStep } from '@landfall/kube'
import { layOut } from './rows.ts'

/** What is tested when everything is ready, as one block; headers, bodies and arguments of commands are not printed. */
export function renderChecks(checks: readonly Check[]): string[] {
  if (checks.length === 0) return []
  const rows = checks.map(({ name, steps }) => [name, steps.map(describeStep)] as const)
  return [['checks', ...layOut(rows, '  ')].join('\n')]
}

/** `POST http://api:3000/orders`, `redis-cli in cache`. */
export function describeStep({ action }: Pick<CheckStep, 'action'>): string {
  switch (action.kind) {
    case 'http':
      return `${action.method} ${withoutSecrets(action.url)}`
    case 'tcp':
      return `tcp ${action.host}:${action.port}`
    case 'dns':
      return `dns ${action.host}`
    case 'command':
      return `${action.command[0]} in ${action.service}`
  }
}

/** A URL without a user and without its query, whose values may be secret. */
function withoutSecrets(url: string): string {
  return url.replace(/^(https?:\/\/)[^@/?#]*@/, '$1').replace(/[?].*$/s, '')
}
