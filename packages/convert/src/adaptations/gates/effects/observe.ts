import type { Wait } from '@landfall/kube'
import type { Conversion } from '../../../conversion.ts'
import { requestOf } from '../../../facts/effects/request.ts'
import { databaseOf } from '../../../facts/images/databases.ts'
import { effectTarget } from '../../../facts/names/texts.ts'
import type { Observed } from '../../../plan/needs.ts'
import type { Effect } from '../../../settings/landfall-file.ts'
import { loginOf } from './logins.ts'

type Problem = { impossible: string; hint: string }

/** How a pod observes an effect, its names made valid; `id` is that of its login. Or why no pod can. */
export function observeEffect(
  conversion: Conversion,
  effect: Effect,
  id: string,
): Observed | Problem {
  if (effect.not !== undefined) {
    const observed = observeEffect(conversion, effect.not, id)
    if ('impossible' in observed || observed.wait.kind === 'not') return observed
    return { ...observed, wait: { kind: 'not', wait: observed.wait } }
  }
  if (effect.amqp !== undefined) return observeQueue(conversion, effect.amqp, id)
  if (effect.sql !== undefined) return observeRows(conversion, effect.sql, id)
  const wait = waitOf(conversion, effect)
  if (wait === undefined)
    return {
      impossible: 'this effect cannot be observed',
      hint: 'use http, tcp, dns, file, zookeeper, amqp or sql',
    }
  return { wait, ...(wait.kind === 'znode' ? { client: 'tools' } : {}) }
}

function waitOf(conversion: Conversion, effect: Effect): Wait | undefined {
  const target = effectTarget(effect)
  const host = target === undefined ? '' : validHost(conversion, target.host)
  if (effect.http !== undefined && target !== undefined) {
    const url = effect.http
      .replace(`//${target.host}`, `//${host}`)
      .replace(`@${target.host}`, `@${host}`)
    const text = effect.body === undefined ? {} : { text: effect.body }
    const request = requestOf(effect)
    return {
      kind: 'http',
      url,
      status: effect.status ?? '2xx',
      ...text,
      ...(request !== undefined && { request }),
    }
  }
  if (effect.tcp !== undefined && target?.port !== undefined)
    return { kind: 'tcp', host, port: target.port }
  if (effect.dns !== undefined) return { kind: 'dns', host }
  if (effect.zookeeper !== undefined && target?.port !== undefined)
    return {
      kind: 'znode',
      host,
      port: target.port,
      path: effect.zookeeper.slice(effect.zookeeper.indexOf('/')),
    }
  return effect.file === undefined ? undefined : { kind: 'file', path: effect.file }
}

function observeQueue(
  conversion: Conversion,
  { at = '', queue = '', vhost = '/', ...written }: NonNullable<Effect['amqp']>,
  id: string,
): Observed | Problem {
  const { host = '', port } = effectTarget({ amqp: { at } }) ?? {}
  const target = conversion.owners.get(host.toLowerCase())
  const found = loginOf(id, 'rabbitmq', target, written)
  if ('impossible' in found) return found
  const { login } = found
  const url = `http://${validHost(conversion, host)}:${port}`
  return {
    wait: {
      kind: 'consumer',
      url,
      ...(login === undefined ? {} : { login: login.id }),
      vhost,
      queue,
    },
    ...(login === undefined ? {} : { login }),
  }
}

function observeRows(
  conversion: Conversion,
  { to = '', query = '', ...written }: NonNullable<Effect['sql']>,
  id: string,
): Observed | Problem {
  const { host = '', port } = effectTarget({ sql: { to } }) ?? {}
  const target = conversion.owners.get(host.toLowerCase())
  const database = target === undefined ? undefined : databaseOf(target)
  if (target === undefined)
    return {
      impossible: `${host} is not a service of the project, whose image has the client`,
      hint: 'use a service that is a database, or another effect',
    }
  if (database === undefined)
    return {
      impossible: `${target.service} is not known to be MySQL, MariaDB or PostgreSQL`,
      hint: 'use another effect',
    }
  const { client } = database
  const found = loginOf(id, client, target, written)
  if ('impossible' in found) return found
  if (found.login === undefined) throw new Error(`${target.service} has no login`)
  return {
    wait: {
      kind: 'rows',
      client,
      host: validHost(conversion, host),
      port: port ?? database.port,
      login: id,
      query,
    },
    client: { service: target.service },
    login: found.login,
  }
}

function validHost(conversion: Conversion, host: string): string {
  const names = conversion.owners.get(host.toLowerCase())?.plan.names
  return (
    [...(names ?? []), ...conversion.plan.external].find(({ written }) => written === host)?.name ??
    host
  )
}
