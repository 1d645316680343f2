import { toPointer } from '@landfall/diagnostic'
import type { Program } from '../cluster.ts'
import type { Json } from '../json.ts'
import { type Answer, answer, type Converted, type Question } from '../question.ts'
import { peerNames, seen } from '../texts.ts'

/** An address of the program itself, without its scheme. */
function ownAddress(text: string, ownNames: readonly string[]): string {
  const own = ['localhost', '127.0.0.1', '0.0.0.0', '[::1]', ...ownNames]
  const addresses = text.split(/[\s"']+/).map((word) => word.replace(/^https?:\/\//, ''))
  return addresses.find((one) => own.includes(one.replace(/(:\d+)?(\/.*)?$/, ''))) ?? ''
}

/** Whether a probe asks what the healthcheck asks. */
function asks(probe: Json, test: readonly string[], ownNames: readonly string[]): boolean {
  const [form, ...words] = test
  const command: string[] | undefined = probe?.exec?.command?.map(seen)
  if (command !== undefined)
    return form === 'CMD'
      ? same(command, words)
      : command.at(-1) === words[0] &&
          /(^|\/)(ba|da|a)?sh$/.test(command[0] ?? '') &&
          command.at(-2) === '-c'
  const { httpGet, tcpSocket } = probe ?? {}
  const text = words.join(' ')
  if (httpGet !== undefined) {
    const address = ownAddress(text, ownNames)
    const path = address.includes('/') ? address.slice(address.indexOf('/')) : '/'
    return (
      /\b(curl|wget)\b/.test(text) &&
      (httpGet.path ?? '/') === path &&
      portOf(address) === httpGet.port
    )
  }
  return tcpSocket !== undefined && text.includes(String(tcpSocket.port))
}

function portOf(address: string): number {
  return Number(/:(\d+)/.exec(address)?.[1] ?? 80)
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, index) => word === right[index])
}

function whatIsLost(
  program: Program | undefined,
  test: readonly string[],
  ownNames: readonly string[],
): string | undefined {
  if (program === undefined) return 'there is no pod of it'
  const { startupProbe, readinessProbe } = program.container
  if (program.workload.kind === 'Job' && readinessProbe === undefined) return 'a Job has no health'
  if (readinessProbe === undefined) return 'no readiness probe asks it'
  return [startupProbe, readinessProbe].every(
    (probe) => probe === undefined || asks(probe, test, ownNames),
  )
    ? undefined
    : 'the probe asks something else'
}

function ask(converted: Converted, forms: readonly string[]): Answer[] {
  const names = peerNames(converted.project)
  return Object.entries(converted.project.services).flatMap(([service, { healthcheck }]) => {
    const { test = [], disable } = healthcheck ?? {}
    if (disable === true || !forms.includes(test[0] ?? '')) return []
    const ownNames = names.filter((one) => one.service === service).map(({ name }) => name)
    return answer(
      toPointer(['services', service, 'healthcheck']),
      whatIsLost(converted.cluster.programOf(service), test, ownNames),
    )
  })
}

export const shellHealthchecks: Question = {
  title: 'CMD-SHELL healthchecks through a shell',
  ask: (converted) => ask(converted, ['CMD-SHELL']),
}

export const commandHealthchecks: Question = {
  title: 'CMD healthchecks word by word',
  ask: (converted) => ask(converted, ['CMD']),
}
