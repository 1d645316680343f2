import { maskText } from '@landfall/diagnostic'
import { type KeptEffect, type KeptService, printWait } from '@landfall/kube'
import type { Plan } from '../../plan/plan.ts'
import { layOut } from '../../plan/rows.ts'

/** What the keeper of the release does, and when; nothing where there is none. */
export function renderKeeper({ keeper }: Plan): string[] {
  if (keeper === undefined) return []
  const { services } = keeper.settings
  const rows = [
    ['restarts', services.flatMap(renderRestarts)],
    ['runs again', services.flatMap(renderRuns)],
    ['may', renderRights(services)],
    ['image', [keeper.image]],
  ] as const
  return [
    [
      'keeper: a pod of its own, because landfall.yaml declares what happens at run time',
      ...layOut(rows, '  '),
    ].join('\n'),
  ]
}

function renderRestarts({ service, restartsWith, alive }: KeptService): string[] {
  const names = restartsWith?.map((edge) => edge.service).join(', ')
  return [
    ...(names === undefined ? [] : [`${service} when ${names} is new and ready again`]),
    ...(alive === undefined ? [] : [`${service} when it fails: ${renderKeptEffect(alive)}`]),
  ]
}

/** What its Role allows, besides to watch and to write events. */
function renderRights(services: readonly KeptService[]): string[] {
  const restarts = services.filter((one) => (one.restartsWith ?? one.alive) !== undefined)
  const runs = services.filter(({ again }) => again !== undefined)
  const names = (all: readonly KeptService[]) => all.map(({ service }) => service).join(', ')
  return [
    `list and watch pods, Deployments${services.some(({ kind }) => kind === 'StatefulSet') ? ', StatefulSets' : ''} and Jobs; create events`,
    ...(restarts.length === 0 ? [] : [`patch the workloads of ${names(restarts)}`]),
    ...(runs.length === 0 ? [] : [`read, delete and create the Jobs of ${names(runs)}`]),
  ]
}

function renderRuns({ service, again }: KeptService): string[] {
  return again === undefined ? [] : [`${service} when it is gone: ${renderKeptEffect(again)}`]
}

/** A test with its times. */
export function renderKeptEffect({ wait, after, interval, failures }: KeptEffect): string {
  const shown = printWait(wait.kind === 'http' ? plain(wait) : wait)
  const sends = wait.kind === 'http' && wait.request !== undefined ? `${methodOf(wait)} ` : ''
  const times = `${failures} ${failures === 1 ? 'time' : 'times in a row'}`
  return `${sends}${maskText(shown)}, every ${interval} s, ${times}, first after ${after} s`
}

type Http = Extract<KeptEffect['wait'], { kind: 'http' }>

/** Without what is sent, which may be long. */
function plain({ request: _, ...wait }: Http): Http {
  return wait
}

function methodOf({ request }: Http): string {
  return request?.method ?? (request?.body === undefined ? 'GET' : 'POST')
}
